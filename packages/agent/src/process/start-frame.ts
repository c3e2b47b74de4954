/**
 * The bytes by which the launcher is told to start an attempt: a u32 length, then fields of one byte tag, u32 length and
 * value. All numbers are little-endian; a text ends with a NUL byte; a number is eight bytes.
 */
import type { ResolvedUser } from "./user.ts";

/** What to start. The agent has checked it: the launcher only refuses what is malformed. */
export interface StartRequest {
  /** `<taskId>.<attempt>`, which is also the folder's name. */
  readonly key: string;
  /** Absolute path of the attempt's folder, which must not exist yet. */
  readonly folder: string;
  /** The program and its arguments; with a script, the script's arguments. */
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Absolute; empty: a new folder `work` in the attempt's folder. */
  readonly workingDirectory: string;
  /** Empty: /dev/null. */
  readonly standardInput: Uint8Array;
  /** Empty: argv names the program. */
  readonly script: Uint8Array;
  /** null: the agent's own. */
  readonly user: ResolvedUser | null;
  readonly outputLimitBytes: number;
  /** 0: none. */
  readonly timeoutMs: number;
  /** Number of the signal. */
  readonly stopSignal: number;
  readonly stopGraceMs: number;
  /** `cgroup.procs` files that the process joins; one that cannot be joined is left out. */
  readonly cgroupProcs: readonly string[];
  /** Of an exclusive task: when its lease ends, in whole ms of CLOCK_BOOTTIME. null: it is not exclusive. */
  readonly leaseUntilBootMs: number | null;
  /** What the agent needs to find the attempt again: JSON in one line, as JSON.stringify writes it. */
  readonly order: string;
}

/** Above this the launcher ends with an error. */
export const maxFrameBytes = 4 * 1024 * 1024;

const tags = {
  key: 1,
  folder: 2,
  argument: 3,
  environment: 4,
  workingDirectory: 5,
  standardInput: 6,
  script: 7,
  uid: 8,
  gid: 9,
  group: 10,
  outputLimitBytes: 11,
  timeoutMs: 12,
  stopSignal: 13,
  stopGraceMs: 14,
  cgroupProcs: 15,
  order: 16,
  leaseDeadlineMs: 17,
} as const;

function field(tag: number, value: Uint8Array): Buffer[] {
  const header = Buffer.allocUnsafe(5);
  header.writeUInt8(tag, 0);
  header.writeUInt32LE(value.length, 1);
  return [header, value as Buffer];
}

function text(tag: number, value: string): Buffer[] {
  return field(tag, Buffer.from(`${value}\0`));
}

function number(tag: number, value: number): Buffer[] {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigUInt64LE(BigInt(Math.max(0, Math.trunc(value))));
  return field(tag, bytes);
}

function userFields(user: ResolvedUser | null): Buffer[] {
  if (user === null) return [];
  const groups = user.groups.flatMap((gid) => number(tags.group, gid));
  return [...number(tags.uid, user.uid), ...number(tags.gid, user.gid), ...groups];
}

export function encodeStartFrame(request: StartRequest): Buffer {
  const parts = [
    ...text(tags.key, request.key),
    ...text(tags.folder, request.folder),
    ...request.argv.flatMap((argument) => text(tags.argument, argument)),
    ...Object.entries(request.environment).flatMap(([name, value]) => text(tags.environment, `${name}=${value}`)),
    ...text(tags.workingDirectory, request.workingDirectory),
    ...field(tags.standardInput, request.standardInput),
    ...field(tags.script, request.script),
    ...userFields(request.user),
    ...number(tags.outputLimitBytes, request.outputLimitBytes),
    ...number(tags.timeoutMs, request.timeoutMs),
    ...number(tags.stopSignal, request.stopSignal),
    ...number(tags.stopGraceMs, request.stopGraceMs),
    ...request.cgroupProcs.flatMap((path) => text(tags.cgroupProcs, path)),
    ...field(tags.order, Buffer.from(request.order)),
    // A deadline is never left out: one that makes no sense is refused by the launcher.
    ...(request.leaseUntilBootMs === null ? [] : number(tags.leaseDeadlineMs, request.leaseUntilBootMs)),
  ];
  const length = Buffer.allocUnsafe(4);
  length.writeUInt32LE(parts.reduce((total, part) => total + part.length, 0));
  return Buffer.concat([length, ...parts]);
}
