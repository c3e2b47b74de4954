/** The cluster's own Redis: on a socket that only this user can open, every write on disk before it is answered. */
import { createConnection } from "node:net";
import { totalmem } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { HoldfastError } from "@holdfast/shared/errors.ts";
import type { MemberPlan } from "./member.ts";

const lookMs = 20;
const answerMs = 1_000;
const smallestBytes = 256 * 1024 ** 2;
const largestBytes = 4 * 1024 ** 3;

export interface RedisPlace {
  readonly socketPath: string;
  readonly dataDir: string;
  readonly logFile: string;
}

export function redisPlan({ socketPath, dataDir, logFile }: RedisPlace): MemberPlan {
  const settings: Readonly<Record<string, string>> = {
    port: "0",
    unixsocket: socketPath,
    unixsocketperm: "700",
    dir: dataDir,
    daemonize: "no",
    appendonly: "yes",
    appendfsync: "always",
    save: "",
    "maxmemory-policy": "noeviction",
    maxmemory: String(memoryLimitBytes(totalmem())),
  };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  return { id: "redis", role: "redis", command: "redis-server", args, logFile, dataDir };
}

/** A quarter of the machine, within bounds. */
export function memoryLimitBytes(machineBytes: number): number {
  return Math.round(Math.min(Math.max(machineBytes / 4, smallestBytes), largestBytes));
}

/** Resolves when it answers and has loaded its files. @throws HoldfastError unavailable when it does not in time */
export async function redisAnswers(socketPath: string, withinMs: number): Promise<void> {
  const deadlineMs = performance.now() + withinMs;
  while ((await ping(socketPath)) !== "+PONG") {
    if (performance.now() > deadlineMs)
      throw new HoldfastError("unavailable", `Redis does not answer on ${socketPath}`);
    await sleep(lookMs);
  }
}

/** The first line of the answer; "" when there is none. */
function ping(socketPath: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const socket = createConnection(socketPath, () => socket.write("PING\r\n"));
  socket.setTimeout(answerMs, () => socket.destroy());
  socket.once("data", (data) => {
    resolve(data.toString("latin1").split("\r\n")[0] ?? "");
    socket.destroy();
  });
  // Not there yet: told by the close that follows.
  socket.on("error", () => {});
  socket.once("close", () => resolve(""));
  return promise;
}
