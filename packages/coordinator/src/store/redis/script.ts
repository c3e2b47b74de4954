/** The Lua scripts beside this file: one atomic act each. Their headers say what they take and answer. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Redis } from "ioredis";
import { isReplyError } from "./reply.ts";

export class Script {
  readonly #text: string;
  readonly #sha1: string;

  constructor(name: string) {
    this.#text = readFileSync(new URL(`./${name}.lua`, import.meta.url), "utf8");
    this.#sha1 = createHash("sha1").update(this.#text).digest("hex");
  }

  /** Runs by digest; a Redis that does not know the script (restarted, failed over) has refused it and is told it. */
  async run(redis: Redis, keys: readonly string[], args: readonly (string | number | Buffer)[]): Promise<unknown> {
    try {
      return await redis.evalsha(this.#sha1, keys.length, ...keys, ...args);
    } catch (error) {
      if (!isReplyError(error) || !error.message.startsWith("NOSCRIPT")) throw error;
      return await redis.eval(this.#text, keys.length, ...keys, ...args);
    }
  }
}
