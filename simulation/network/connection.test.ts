import { expect, test } from "vitest";
import { Machine } from "../machine/machine.ts";
import { Random } from "../random.ts";
import { onStackOfItsOwn } from "../time/drain.ts";
import { WorldTime } from "../time/world-time.ts";
import { dial, type End, type Protocol } from "./connection.ts";
import { Network } from "./network.ts";

const text = { encode: (message: string) => Buffer.from(message), decode: (bytes: Buffer) => bytes.toString() };
const protocol: Protocol<string, string, string, string> = { up: text, down: text };
const to = { address: "server:1", service: "chat" };

function scene() {
  const time = new WorldTime();
  const network = new Network(time, new Random(1));
  const machine = (name: string) => new Machine(name, time, { offsetMs: 0, rateError: 0 }, 0);
  const [here, there] = [machine("here"), machine("there")];
  const [client, server] = [here.start("client"), there.start("server")];
  const seen: string[] = [];
  const accepted: End<string, string>[] = [];
  network.listen(to.address, server, (_, end) => {
    const far = end as End<string, string>;
    accepted.push(far);
    far.listen({ received: (message) => seen.push(message), drained: () => {}, ended: () => seen.push("far over") });
  });
  const connect = () => {
    const near = dial(network, client, to, protocol);
    near.listen({
      received: (message) => seen.push(`near: ${message}`),
      drained: () => seen.push("near drained"),
      ended: () => seen.push("near over"),
    });
    return near;
  };
  const run = (untilMs: number) => onStackOfItsOwn(() => time.run(untilMs, () => false));
  return { time, network, here, there, client, server, seen, accepted, connect, run };
}

test("messages arrive in the order in which they were written, also those from before it stood", async () => {
  const { seen, accepted, connect, run } = scene();
  const near = connect();
  for (const message of ["a", "b", "c"]) near.write(message);
  await run(50);
  accepted[0]?.write("d");
  near.close();
  await run(100);
  expect(seen).toEqual(["a", "b", "c", "near over", "far over"]);
});

test("what is stuck in a cut connection arrives late, although the other end was given up", async () => {
  const { time, network, here, there, seen, connect, run } = scene();
  const near = connect();
  await run(50);
  network.path(here, there).block();
  near.write("late");
  near.close();
  await run(10_000);
  expect(seen).toEqual(["near over"]);
  network.path(here, there).unblock();
  await run(12_000);
  expect(seen).toEqual(["near over", "late", "far over"]);
  expect(time.nowMs).toBe(12_000);
});

test("a dead process refuses, and ends what it had; a dead machine says nothing", async () => {
  const { server, there, seen, connect, run } = scene();
  connect();
  await run(50);
  server.die("killed");
  await run(100);
  expect(seen.splice(0)).toEqual(["near over"]);
  connect();
  await run(150);
  expect(seen.splice(0)).toEqual(["near over"]);
  there.powerOff(() => false);
  connect();
  await run(10_000);
  expect(seen.splice(0)).toEqual([]);
  await run(30_000);
  expect(seen).toEqual(["near over"]);
});

test("a stopped process lets messages pile up, until the writer is told that it is full", async () => {
  const { server, seen, connect, run } = scene();
  const near = connect();
  await run(50);
  server.stop();
  const taken = Array.from({ length: 40 }, (_, number) => near.write(`${number}`));
  expect(taken.indexOf(false)).toBe(31);
  await run(100);
  expect(seen).toEqual([]);
  server.goOn();
  await run(200);
  expect(seen).toContain("39");
  expect(seen.at(-1)).toBe("near drained");
});

test("an end that answers no pings is given up by the one that dialled", async () => {
  const { network, here, there, seen, connect, run } = scene();
  connect();
  await run(50);
  network.path(there, here).block();
  await run(25_000);
  expect(seen).toEqual(["near over", "far over"]);
});
