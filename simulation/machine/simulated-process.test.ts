import { expect, test } from "vitest";
import { onStackOfItsOwn } from "../time/drain.ts";
import { WorldTime } from "../time/world-time.ts";
import { Machine } from "./machine.ts";

function scene(rateError = 0) {
  const time = new WorldTime();
  const machine = new Machine("m", time, { offsetMs: 5_000, rateError }, 1_000);
  const process = machine.start("p");
  const seen: string[] = [];
  const see = (what: string) => () => void seen.push(`${what} ${Math.round(time.nowMs)}`);
  const run = (untilMs: number) => onStackOfItsOwn(() => time.run(untilMs, () => false));
  return { time, machine, process, seen, see, run };
}

test("a stopped process gets its timers late, and then what has arrived", async () => {
  const { time, process, seen, see, run } = scene();
  process.after(100, see("timer"));
  process.every(40, see("every"));
  time.at(50, () => process.stop());
  time.at(60, () => process.run(see("arrival")));
  time.at(200, () => process.goOn());
  await run(250);
  expect(seen).toEqual(["every 40", "every 200", "timer 200", "arrival 200", "every 240"]);
});

test("nothing happens to a process that was killed", async () => {
  const { time, process, seen, see, run } = scene();
  process.after(100, see("timer"));
  process.onDeath((how) => see(how)());
  time.at(50, () => process.die("killed"));
  time.at(60, () => process.run(see("arrival")));
  await run(200);
  expect(seen).toEqual(["killed 50"]);
});

test("a machine that sleeps keeps its steady clock running, and its timers standing", async () => {
  const { time, machine, process, seen, see, run } = scene();
  process.after(100, see("timer"));
  time.at(50, () => machine.sleep());
  time.at(1_000, () => machine.wake());
  await run(2_000);
  expect(seen).toEqual(["timer 1050"]);
  expect(machine.clock.now().steadyMs).toBe(3_000);
});

test("timers count on the machine's own clock", async () => {
  const { process, seen, see, run } = scene(0.25);
  process.after(100, see("timer"));
  await run(200);
  expect(seen).toEqual(["timer 80"]);
});

test("a sleep ends early by its signal, and leaves no timer", async () => {
  const { time, process, seen, see, run } = scene();
  const stop = new AbortController();
  void process.sleep(100, stop.signal).then(see("woken"));
  time.at(30, () => stop.abort());
  await run(200);
  expect(seen).toEqual(["woken 30"]);
});

test("a machine without power loses what it has not synced, and boots as another", async () => {
  const { machine, process } = scene();
  const { disk, bootId } = machine;
  disk.write("a", 1, "synced");
  disk.write("a", 2, "unsynced");
  disk.write("b", 1, "unsynced");
  machine.powerOff(() => false);
  expect(process.isDead).toBe(true);
  expect([disk.read("a"), disk.read("b")]).toEqual([1, undefined]);
  machine.boot();
  expect(machine.bootId).not.toBe(bootId);
  expect(machine.clock.now().steadyMs).toBe(0);
});
