/**
 * The kinds of settings that configurations are made of. Each says in one phrase what it must be; the reader of a
 * mistake sees that phrase after the place and the value.
 */
import { isIP } from "node:net";
import { z } from "zod";
import { isLoopback } from "../loopback.ts";
import { durationExample, parseDurationMs, parseSizeBytes, sizeExample } from "./quantities.ts";

export interface DurationBounds {
  readonly minMs: number;
  readonly maxMs: number;
}

const dayMs = 86_400_000;

export function durationMs({ minMs, maxMs }: DurationBounds = { minMs: 1, maxMs: 365 * dayMs }) {
  const error = `must be a duration from ${minMs} ms to ${maxMs} ms: ${durationExample}`;
  return z.unknown().transform((value, context): number => {
    const parsedMs = parseDurationMs(value);
    if (parsedMs !== null && parsedMs >= minMs && parsedMs <= maxMs) return parsedMs;
    context.addIssue({ code: "custom", message: error });
    return z.NEVER;
  });
}

export function sizeBytes() {
  const error = `must be a size: ${sizeExample}`;
  return z.unknown().transform((value, context): number => {
    const parsedBytes = parseSizeBytes(value);
    if (parsedBytes !== null) return parsedBytes;
    context.addIssue({ code: "custom", message: error });
    return z.NEVER;
  });
}

export function wholeNumber(min: number, max: number) {
  const error = `must be a whole number from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
}

export function text(phrase: string, pattern: RegExp) {
  const error = `must be ${phrase}`;
  return z.string({ error }).regex(pattern, { error });
}

/** An identity that appears in keys, paths and tables. */
export function identity() {
  return text(
    "1 to 63 letters, digits, '.', '_' or '-', the first a letter or digit",
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/,
  );
}

export function path(what: string) {
  return z.string({ error: `must be ${what}` }).min(1, { error: `must be ${what}` });
}

/** `host:port`; an IPv6 host stands in brackets. */
export function address() {
  const error = 'must be host:port, such as "127.0.0.1:7400" or "[::1]:7400"';
  return z.string({ error }).refine((value) => splitAddress(value) !== null, { error });
}

export function yesOrNo() {
  return z.boolean({ error: "must be true or false" });
}

export function logLevel() {
  const levels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
  return z.enum(levels, { error: `must be one of ${levels.join(", ")}` });
}

export function tlsFiles() {
  return z.strictObject(
    {
      caFile: path("the path of a PEM file with the authorities that peers' certificates are checked against"),
      certificateFile: path("the path of a PEM file with this process's certificate"),
      keyFile: path("the path of a PEM file with the certificate's private key"),
    },
    { error: "must be a mapping with caFile, certificateFile and keyFile" },
  );
}

export type TlsFiles = z.output<ReturnType<typeof tlsFiles>>;

export function absoluteTlsFiles(
  files: TlsFiles | undefined,
  absolute: (path: string) => string,
): TlsFiles | undefined {
  if (files === undefined) return undefined;
  return {
    caFile: absolute(files.caFile),
    certificateFile: absolute(files.certificateFile),
    keyFile: absolute(files.keyFile),
  };
}

function splitAddress(value: string): { readonly host: string; readonly port: number } | null {
  const match = /^(?:\[([^\]]+)\]|([^:[\]\s]+)):(\d{1,5})$/.exec(value);
  if (match === null) return null;
  const [, bracketed, plain, digits] = match;
  const host = bracketed ?? plain ?? "";
  const port = Number(digits);
  if (port > 65_535 || (bracketed !== undefined && isIP(bracketed) !== 6)) return null;
  return { host, port };
}

export function listensOnLoopback(listenAddress: string): boolean {
  return isLoopback(splitAddress(listenAddress)?.host ?? "");
}

/** True for the addresses that mean "every interface", which nobody can dial. */
export function isWildcard(listenAddress: string): boolean {
  const host = splitAddress(listenAddress)?.host ?? "";
  return host === "0.0.0.0" || host === "::";
}
