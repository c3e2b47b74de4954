/**
 * `npm run chaos -- --minutes M [--seed S] [--json]`: random faults under load, between hosts with their own addresses.
 *
 * A cluster in a lab (three coordinators, five agents, Redis with two replicas and three Sentinels, TLS) gets short tasks
 * at a steady rate while processes are killed, hung and restarted, hosts die, and the network is cut, loses packets, is
 * slow or resets connections, as the seed decides. Then everything is healed, all tasks must end, and the history that the
 * tasks have written is judged. Exit code 1 when a promise was broken; then the folder with everything that was written
 * stays, and its path is told.
 */
import { parseArgs } from "node:util";
import { requireLab } from "../network/requirements.ts";
import { runChaos } from "./chaos.ts";

const usage = "Usage: npm run chaos -- --minutes M [--seed S] [--exclusive PERCENT] [--json]";
const interrupted = 130;
/** For the set-up, the wait for the last task, and the judge. */
const spareMs = 8 * 60_000;

function readArguments() {
  const { values } = parseArgs({
    options: {
      minutes: { type: "string" },
      seed: { type: "string" },
      exclusive: { type: "string", default: "13" },
      json: { type: "boolean", default: false },
    },
  });
  const minutes = Number(values.minutes);
  const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
  const exclusivePercent = Number(values.exclusive);
  if (!(minutes > 0 && minutes <= 24 * 60)) throw new Error("--minutes must be a number above 0 and up to 1440");
  if (!Number.isSafeInteger(seed) || seed < 0) throw new Error("--seed must be a whole number from 0");
  if (!(exclusivePercent >= 0 && exclusivePercent <= 100)) throw new Error("--exclusive must be from 0 to 100");
  return { minutes, seed, exclusivePercent, json: values.json };
}

async function main(): Promise<void> {
  let options: ReturnType<typeof readArguments>;
  try {
    options = readArguments();
    requireLab();
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n${usage}`);
    process.exitCode = 2;
    return;
  }
  const say = (line: string) => (options.json ? console.error(line) : console.log(line));
  const stopping = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    // A second time ends this process at once; the lab's keeper clears away what is left.
    process.once(signal, () => stopping.abort(new Error(`stopped by ${signal}`)));
  }
  const tooLate = setTimeout(
    () => stopping.abort(new Error("it did not come to its end in time")),
    options.minutes * 60_000 + spareMs,
  );
  try {
    const { figures, violations } = await runChaos(options, say, stopping.signal);
    console.log(JSON.stringify(figures));
    process.exitCode = violations === 0 ? 0 : 1;
  } catch (error) {
    console.error(stopping.signal.aborted ? `${error instanceof Error ? error.message : error}` : error);
    process.exitCode = stopping.signal.aborted ? interrupted : 1;
  } finally {
    clearTimeout(tooLate);
  }
}

await main();
