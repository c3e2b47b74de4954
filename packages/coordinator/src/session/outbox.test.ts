import { expect, test } from "vitest";
import { Outbox } from "./outbox.ts";

function bench(limits = { messages: 3, bytes: 1_000 }) {
  const written: string[] = [];
  const state = { takes: true, overflown: 0 };
  const write = (message: string) => {
    written.push(message);
    return state.takes;
  };
  const overflow = () => {
    state.overflown += 1;
  };
  const outbox = new Outbox<string>({ write }, overflow, limits);
  return { written, state, outbox };
}

test("what the stream will not take yet waits, and follows in order", () => {
  const { written, state, outbox } = bench();
  state.takes = false;
  for (const message of ["a", "b", "c"]) outbox.send(message);
  expect(written).toEqual(["a"]);
  expect(outbox.blocked).toBe(true);
  outbox.drained();
  expect(written).toEqual(["a", "b"]);
  state.takes = true;
  outbox.drained();
  outbox.send("d");
  expect(written).toEqual(["a", "b", "c", "d"]);
});

test.each([
  ["messages", 4, 1],
  ["bytes", 2, 600],
])("too many %s that wait overflow it once, and nothing is written after that", (_, count, bytes) => {
  const { written, state, outbox } = bench();
  state.takes = false;
  outbox.send("first");
  for (let sent = 0; sent < count; sent += 1) outbox.send("more", bytes);
  expect(state.overflown).toBe(1);
  outbox.send("late");
  state.takes = true;
  outbox.drained();
  expect(written).toEqual(["first"]);
  expect(state.overflown).toBe(1);
});

test("what has been written counts no more", () => {
  const { state, outbox } = bench();
  for (let round = 0; round < 10; round += 1) {
    state.takes = false;
    outbox.send("a", 900);
    outbox.send("b", 900);
    state.takes = true;
    outbox.drained();
  }
  expect(state.overflown).toBe(0);
});
