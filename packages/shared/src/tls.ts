/**
 * Transport security: the certificates of listeners and clients.
 *
 * Both ends prove themselves with a certificate of the cluster's own authority; nothing falls back to the public ones.
 */
import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import type { TlsOptions } from "node:tls";
import { ChannelCredentials, ServerCredentials } from "@grpc/grpc-js";
import { HoldfastError } from "./errors.ts";

/** Paths of PEM files. */
export interface TlsFiles {
  /** Who signs the certificates of the cluster; may hold several. */
  readonly caFile: string;
  readonly certificateFile: string;
  readonly keyFile: string;
}

interface TlsMaterial {
  readonly ca: Buffer;
  readonly certificate: Buffer;
  readonly key: Buffer;
}

/**
 * For a listener. With files, clients must show a certificate signed by the authority in `caFile`.
 * @throws HoldfastError (failedPrecondition) that names the file and the setting at fault.
 */
export function serverCredentials(tls: TlsFiles | null): ServerCredentials {
  if (tls === null) return ServerCredentials.createInsecure();
  const { ca, certificate, key } = readMaterial(tls);
  return ServerCredentials.createSsl(ca, [{ cert_chain: certificate, private_key: key }], true);
}

/**
 * For a client.
 * @throws HoldfastError (failedPrecondition) that names the file and the setting at fault.
 */
export function clientCredentials(tls: TlsFiles | null): ChannelCredentials {
  if (tls === null) return ChannelCredentials.createInsecure();
  const { ca, certificate, key } = readMaterial(tls);
  return ChannelCredentials.createSsl(ca, key, certificate);
}

/**
 * For a listener of HTTPS; clients must show a certificate signed by the authority in `caFile`.
 * @throws HoldfastError (failedPrecondition) that names the file and the setting at fault.
 */
export function httpsOptions(tls: TlsFiles): TlsOptions {
  const { ca, certificate, key } = readMaterial(tls);
  return { ca, cert: certificate, key, requestCert: true, rejectUnauthorized: true, minVersion: "TLSv1.2" };
}

function readMaterial(tls: TlsFiles): TlsMaterial {
  const ca = readSetting("caFile", tls.caFile);
  const certificate = readSetting("certificateFile", tls.certificateFile);
  const key = readSetting("keyFile", tls.keyFile);
  parse("caFile", tls.caFile, "a PEM certificate", () => new X509Certificate(ca));
  const parsed = parse(
    "certificateFile",
    tls.certificateFile,
    "a PEM certificate",
    () => new X509Certificate(certificate),
  );
  const privateKey = parse("keyFile", tls.keyFile, "an unencrypted PEM private key", () => createPrivateKey(key));
  checkPair(tls, parsed, privateKey);
  return { ca, certificate, key };
}

function readSetting(setting: keyof TlsFiles, path: string): Buffer {
  if (path === "") throw wrong(setting, "is empty; give the path of a PEM file");
  try {
    return readFileSync(path);
  } catch (cause) {
    throw wrong(setting, `cannot read ${path}: ${reasonOf(cause)}`, cause);
  }
}

function parse<Parsed>(setting: keyof TlsFiles, path: string, what: string, read: () => Parsed): Parsed {
  try {
    return read();
  } catch (cause) {
    throw wrong(setting, `${path} is not ${what}`, cause);
  }
}

function checkPair(tls: TlsFiles, certificate: X509Certificate, key: KeyObject): void {
  if (certificate.checkPrivateKey(key)) return;
  throw wrong(
    "keyFile",
    `${tls.keyFile} is not the key of the certificate in ${tls.certificateFile} (tls.certificateFile)`,
  );
}

function wrong(setting: keyof TlsFiles, text: string, cause?: unknown): HoldfastError {
  return new HoldfastError("failedPrecondition", `tls.${setting}: ${text}`, { cause });
}

function reasonOf(cause: unknown): string {
  const code = (cause as NodeJS.ErrnoException).code;
  if (code === "ENOENT") return "there is no such file";
  if (code === "EACCES") return "permission denied";
  if (code === "EISDIR") return "it is a folder";
  return code ?? String(cause);
}
