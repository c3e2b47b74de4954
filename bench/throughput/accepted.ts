/** Tasks taken in durably while no node is there: what submission alone costs. */
import { Cluster } from "../cluster/cluster.ts";
import { PlainSubmitter, submitInBatches } from "../load/submission.ts";
import type { Benchmark } from "../measure/benchmark.ts";
import { steadyMs } from "../measure/steady-clock.ts";

const callers = 50;
const batches = { batchSize: 500, callers: 6 };

export async function measureAccepted({ quick, say }: Benchmark) {
  await using cluster = await Cluster.start({ coordinators: 1 });
  using submitter = new PlainSubmitter(cluster.addresses[0] ?? "");
  const unary = quick ? 10_000 : 50_000;
  const batched = quick ? 50_000 : 200_000;
  await submitter.submitMany({ tasks: 2_000, callers });
  const acceptedPerS = await perS(unary, () => submitter.submitMany({ tasks: unary, callers }));
  say(`accepted, one task a call, ${callers} callers: ${acceptedPerS}/s`);
  const acceptedInBatchesPerS = await perS(batched, () =>
    submitInBatches(cluster.client, { tasks: batched, ...batches }),
  );
  say(`accepted, ${batches.batchSize} tasks a call: ${acceptedInBatchesPerS}/s`);
  return { acceptedPerS, acceptedInBatchesPerS };
}

async function perS(tasks: number, submit: () => Promise<void>): Promise<number> {
  const fromMs = steadyMs();
  await submit();
  return Math.round((tasks * 1_000) / (steadyMs() - fromMs));
}
