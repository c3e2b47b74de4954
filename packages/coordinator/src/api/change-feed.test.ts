import { expect, test } from "vitest";
import { type DurableRecord, encodeRecord } from "../core/record.ts";
import { type Change, ChangeFeed } from "./change-feed.ts";

const lineage = "h1";
const never = new AbortController().signal;

function about(...ids: string[]): DurableRecord[] {
  return ids.map((id) => ({ kind: "task", id, value: null }));
}

function publish(feed: ChangeFeed, sequence: number, records: readonly DurableRecord[]): void {
  feed.publish(sequence, records, records.map(encodeRecord));
}

function feedWith(maxRecords = 1_000): ChangeFeed {
  const feed = new ChangeFeed({ maxRecords });
  feed.reset({ lineage, sequence: 10 });
  return feed;
}

async function take(changes: AsyncIterable<Change>, count: number): Promise<number[]> {
  const taken: number[] = [];
  for await (const { sequence } of changes) if (taken.push(sequence) === count) break;
  return taken;
}

test("gives what followed a revision, and then what comes", async () => {
  const feed = feedWith();
  publish(feed, 11, about("a"));
  const reading = take(feed.after({ lineage, sequence: 10 }, null, never), 3);
  publish(feed, 12, about("b"));
  setImmediate(() => publish(feed, 13, about("c")));
  expect(await reading).toEqual([11, 12, 13]);
});

test("a watcher of one task gets its changes only, the last of those that gathered", async () => {
  const feed = feedWith();
  const reading = take(feed.after({ lineage, sequence: 10 }, "a", never), 2);
  setImmediate(() => {
    for (const [sequence, id] of [
      [11, "b"],
      [12, "a"],
      [13, "a"],
      [14, "c"],
    ] as const)
      publish(feed, sequence, about(id));
    setImmediate(() => publish(feed, 15, about("a")));
  });
  expect(await reading).toEqual([13, 15]);
});

test("what was dropped is out of range, and the newest change is always at hand", async () => {
  const feed = feedWith(10);
  for (let sequence = 11; sequence < 40; sequence += 1) publish(feed, sequence, about("a", "b"));
  await expect(take(feed.after({ lineage, sequence: 12 }, null, never), 1)).rejects.toMatchObject({
    code: "outOfRange",
  });
  expect(await take(feed.after({ lineage, sequence: 38 }, null, never), 1)).toEqual([39]);
});

test("a reader that falls behind is told so", async () => {
  const feed = feedWith(10);
  const reader = feed.after({ lineage, sequence: 10 }, null, never);
  publish(feed, 11, about("a"));
  expect((await reader.next()).value?.sequence).toBe(11);
  for (let sequence = 12; sequence < 40; sequence += 1) publish(feed, sequence, about("a", "b"));
  await expect(reader.next()).rejects.toMatchObject({ code: "outOfRange" });
});

test("another history ends watches and waits", async () => {
  const feed = feedWith();
  const watching = take(feed.after({ lineage, sequence: 10 }, null, never), 1);
  const waiting = feed.reached({ lineage, sequence: 11 }, "min_revision", never);
  feed.reset({ lineage: "h2", sequence: 3 });
  await expect(watching).rejects.toMatchObject({ code: "outOfRange" });
  await expect(waiting).rejects.toMatchObject({ code: "failedPrecondition", fields: [{ field: "min_revision" }] });
});

test("a wait is for the mended log that is on its way, and not for one from before it was mended", async () => {
  const feed = feedWith();
  const early = feed.reached({ lineage: `${lineage}--7`, sequence: 2 }, "min_revision", never);
  feed.reset({ lineage: `${lineage}--7`, sequence: 2 });
  await early;
  const late = feed.reached({ lineage, sequence: 11 }, "min_revision", never);
  await expect(late).rejects.toMatchObject({ code: "failedPrecondition" });
  const older = feed.reached({ lineage: `${lineage}--6`, sequence: 1 }, "min_revision", never);
  await expect(older).rejects.toMatchObject({ code: "failedPrecondition" });
});

test("when the store has become empty, what was told still counts, and a wait for another log is for the one to come", async () => {
  const feed = feedWith();
  feed.emptied();
  await feed.reached({ lineage, sequence: 1 }, "min_revision", never);
  const waiting = feed.reached({ lineage: "h2", sequence: 1 }, "min_revision", never);
  feed.reset({ lineage: "h2", sequence: 1 });
  await waiting;
});

test("while there is no log, a wait is for the one to come", async () => {
  const feed = feedWith();
  feed.reset({ lineage: "", sequence: 0 });
  const waiting = feed.reached({ lineage: "h2", sequence: 1 }, "min_revision", never);
  feed.reset({ lineage: "h2", sequence: 1 });
  await waiting;
});

test("waits for a revision, and no longer than the signal allows", async () => {
  const feed = feedWith();
  await feed.reached({ lineage, sequence: 10 }, "min_revision", never);
  const waiting = feed.reached({ lineage, sequence: 12 }, "min_revision", never);
  publish(feed, 11, []);
  publish(feed, 12, []);
  await waiting;

  const gone = new AbortController();
  const tooLong = feed.reached({ lineage, sequence: 99 }, "min_revision", gone.signal);
  gone.abort(new Error("enough"));
  await expect(tooLong).rejects.toThrow("enough");
});

test("a watch ends when its signal is aborted", async () => {
  const feed = feedWith();
  const gone = new AbortController();
  const watching = take(feed.after({ lineage, sequence: 10 }, null, gone.signal), 1);
  gone.abort();
  expect(await watching).toEqual([]);
});

test("old changes are the same as new ones, though they are kept as text", async () => {
  const feed = feedWith();
  for (let sequence = 11; sequence < 30; sequence += 1) publish(feed, sequence, about(`task-${sequence}`));
  const seen: string[] = [];
  for await (const { sequence, records } of feed.after({ lineage, sequence: 10 }, null, never)) {
    seen.push(...records.map(({ kind, id }) => `${kind} ${id}`));
    if (sequence === 29) break;
  }
  expect(seen).toEqual(Array.from({ length: 19 }, (_, index) => `task task-${index + 11}`));
  expect(await take(feed.after({ lineage, sequence: 10 }, "task-12", never), 1)).toEqual([12]);
});
