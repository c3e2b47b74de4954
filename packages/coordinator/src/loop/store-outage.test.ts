/** What the log tells of a store that fails and comes back. */
import { expect, test } from "vitest";
import { StoreOutage } from "./store-outage.ts";

function bench() {
  const told: string[] = [];
  const note = (_: object, message: string) => void told.push(message.slice(0, 19));
  const outage = new StoreOutage({ info: note, warn: note, error: note }, () => 0);
  return { told, outage };
}

const gone = "the store does not ";
const back = "the store answers a";

test("an outage is told once, and so is its end", () => {
  const { told, outage } = bench();
  for (let turn = 0; turn < 2; turn += 1) {
    outage.answered("read");
    outage.failed("read", "away");
    outage.failed("write", "away");
    outage.failed("read", "away");
    outage.answered("read");
    outage.answered("write");
  }
  expect(told).toEqual([gone, back, gone, back]);
});

test("a store that answers reads and refuses writes is not back", () => {
  const { told, outage } = bench();
  for (let turn = 0; turn < 5; turn += 1) {
    outage.failed("write", "READONLY");
    outage.answered("read");
  }
  expect(told).toEqual([gone]);
});
