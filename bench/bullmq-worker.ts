/**
 * A BullMQ worker in a process of its own, whose jobs do nothing or spawn /bin/true. It ends with the benchmark that
 * started it.
 *
 *   fork("bullmq-worker.ts", [JSON of WorkerSettings])
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { Worker } from "bullmq";
import { type FromWorker, queueName, type WorkerSettings } from "./throughput/bullmq-messages.ts";

/** How often completed jobs are told: telling each would slow the worker down. */
const tellMs = 5;

const { socketPath, job, concurrency }: WorkerSettings = JSON.parse(process.argv[2] ?? "{}");

async function spawnTrue(): Promise<void> {
  const child = spawn("/bin/true", { stdio: "ignore" });
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`/bin/true exited with ${code}`);
}

function say(message: FromWorker): void {
  process.send?.(message);
}

const perform = job === "spawn" ? spawnTrue : async () => {};
const worker = new Worker(queueName, perform, {
  connection: { path: socketPath, maxRetriesPerRequest: null },
  concurrency,
});
let untold = 0;
worker.on("completed", () => {
  untold += 1;
});
worker.on("error", (error) => console.error(error.message));
setInterval(() => {
  if (untold > 0) say({ kind: "completed", jobs: untold });
  untold = 0;
}, tellMs);
process.on("disconnect", () => process.exit());
await worker.waitUntilReady();
say({ kind: "ready" });
