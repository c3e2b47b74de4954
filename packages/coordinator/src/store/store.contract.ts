/** What every implementation of the store promises. Each runs this suite: `describeStore` in its own test file. */
import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { tailId } from "../core/tail-id.ts";
import { putLine } from "./line.ts";
import type { AcquireRequest, Batch, LogEntry, Position, Store } from "./store.ts";
import { StoreUnavailable } from "./store.ts";

/** One empty cell. */
export interface StoreFixture {
  /** A further client of the same cell. */
  readonly connect: () => Promise<Store>;
  readonly dispose: () => Promise<void>;
}

const ttlMs = 60_000;
/** As large as epochs get: 16 digits, which Lua would print as 1.8e+15. */
const epoch = 1_786_543_210_987_001;
const start: Position = { epoch: 0, sequence: 0 };

export function acquireAs(coordinatorId: string, over: Partial<AcquireRequest> = {}): AcquireRequest {
  const address = `${coordinatorId}:7400`;
  return { coordinatorId, address, epoch, ttlMs, takeOverEpoch: null, lineageToBegin: "lineage-1", ...over };
}

export function batchAfter(previous: Position, lines: readonly string[], by = epoch): Batch {
  return { epoch: by, sequence: previous.sequence + 1, previous, id: randomUUID(), lines };
}

export function task(id: string, state: string): string {
  return putLine("task", id, JSON.stringify({ version: 1, id, namespace: "default", name: `{"${id}"}`, state }));
}

export function body(id: string, argument = "x"): string {
  return putLine("body", id, JSON.stringify({ argv: ["/bin/true", argument] }));
}

const textOf = (line: string) => line.split("\t")[2] ?? "";

export function positionOf(batch: Batch): Position {
  return { epoch: batch.epoch, sequence: batch.sequence };
}

/** Commits each list of lines as one batch. */
export async function commitAll(
  store: Store,
  from: Position,
  batches: readonly (readonly string[])[],
): Promise<Position> {
  let position = from;
  for (const lines of batches) {
    const batch = batchAfter(position, lines);
    expect(await store.commit(batch)).toEqual({ kind: "committed" });
    position = positionOf(batch);
  }
  return position;
}

export async function loadAll(store: Store): Promise<string[]> {
  const lines: string[] = [];
  await store.load((piece) => lines.push(...piece));
  return lines.sort();
}

async function entriesAfter(store: Store, sequence: number): Promise<readonly LogEntry[]> {
  const tail = await store.readLog(sequence, 0);
  if (tail.kind === "trimmed") throw new Error(`the log was expected to hold what follows ${sequence}, and does not`);
  return tail.entries;
}

export function describeStore(name: string, open: () => Promise<StoreFixture>): void {
  describe(`${name} keeps the contract of a store`, () => {
    let fixture: StoreFixture;
    let store: Store;
    let other: Store;

    beforeEach(async () => {
      fixture = await open();
      store = await fixture.connect();
      other = await fixture.connect();
    });
    afterEach(async () => {
      await Promise.all([store.close(), other.close()]);
      await fixture.dispose();
    });

    describe("lease", () => {
      test("an empty store is not led unless a log may be begun", async () => {
        expect(await store.acquire(acquireAs("c1", { lineageToBegin: null }))).toEqual({ kind: "empty" });
        expect(await store.readLease()).toBeNull();
        expect(await store.head()).toBeNull();
        expect(await store.acquire(acquireAs("c1"))).toEqual({
          kind: "acquired",
          position: start,
          lineage: "lineage-1",
          serverId: expect.stringMatching(/./),
        });
        expect(await other.head()).toEqual({ lineage: "lineage-1", position: start });
        expect(await other.readLease()).toEqual({ epoch, holderId: "c1", holderAddress: "c1:7400" });
      });

      test("a lease that stands is held, for a higher epoch too", async () => {
        await store.acquire(acquireAs("c1"));
        expect(await other.acquire(acquireAs("c2", { epoch: epoch + 1 }))).toEqual({
          kind: "held",
          lease: { epoch, holderId: "c1", holderAddress: "c1:7400" },
        });
      });

      test("the same acquisition again has the same answer", async () => {
        const acquired = await store.acquire(acquireAs("c1"));
        expect(await store.acquire(acquireAs("c1"))).toEqual(acquired);
        expect(await other.acquire(acquireAs("c2"))).toMatchObject({ kind: "held" });
      });

      test("a dead holder's lease is taken over with a higher epoch, and only if it is still that one", async () => {
        await store.acquire(acquireAs("c1"));
        const takeOver = { epoch: epoch + 1, takeOverEpoch: epoch };
        expect(await other.acquire(acquireAs("c2", { ...takeOver, epoch }))).toEqual({
          kind: "epochTooLow",
          highestEpoch: epoch,
        });
        expect(await other.acquire(acquireAs("c2", takeOver))).toMatchObject({ kind: "acquired" });
        expect(await other.acquire(acquireAs("c2", takeOver))).toMatchObject({ kind: "acquired" });
        expect(await store.acquire(acquireAs("c3", { ...takeOver, epoch: epoch + 2 }))).toMatchObject({ kind: "held" });
        expect(await store.renew(epoch, ttlMs)).toBe(false);
        expect(await store.release(epoch)).toBe(false);
        expect(await other.renew(epoch + 1, ttlMs)).toBe(true);
      });

      test("an expired lease is free, cannot be renewed, and goes to a higher epoch only", async () => {
        await store.acquire(acquireAs("c1", { ttlMs: 30 }));
        await expect.poll(() => store.readLease(), { interval: 5 }).toBeNull();
        expect(await store.renew(epoch, ttlMs)).toBe(false);
        expect(await other.acquire(acquireAs("c2"))).toEqual({ kind: "epochTooLow", highestEpoch: epoch });
        expect(await other.acquire(acquireAs("c2", { epoch: epoch + 1 }))).toMatchObject({ kind: "acquired" });
      });

      test("a renewed lease lives on", async () => {
        await store.acquire(acquireAs("c1", { ttlMs: 200 }));
        expect(await store.renew(epoch, ttlMs)).toBe(true);
        expect(await store.renew(epoch - 1, ttlMs)).toBe(false);
        const expiresAt = performance.now() + 200;
        await expect.poll(() => performance.now(), { interval: 20 }).toBeGreaterThan(expiresAt);
        expect(await store.readLease()).toMatchObject({ epoch });
      });

      test("a released lease is free at once; a repeat answers false", async () => {
        await store.acquire(acquireAs("c1"));
        expect(await store.release(epoch)).toBe(true);
        expect(await store.release(epoch)).toBe(false);
        expect(await store.readLease()).toBeNull();
        expect(await other.acquire(acquireAs("c2", { epoch: epoch + 1 }))).toMatchObject({ kind: "acquired" });
      });

      test("a log that exists keeps its lineage and its end", async () => {
        await store.acquire(acquireAs("c1"));
        const position = await commitAll(store, start, [[task("t1", "pending")]]);
        await store.release(epoch);
        expect(await other.acquire(acquireAs("c2", { epoch: epoch + 1, lineageToBegin: "lineage-2" }))).toEqual({
          kind: "acquired",
          lineage: "lineage-1",
          position,
          serverId: expect.stringMatching(/./),
        });
      });
    });

    describe("commit", () => {
      test("nothing is committed to a log that does not exist", async () => {
        expect(await store.commit(batchAfter(start, [task("t1", "pending")]))).toEqual({
          kind: "refused",
          epoch: 0,
          position: start,
        });
        expect(await loadAll(store)).toEqual([]);
      });

      test("a batch is in the log and in the records", async () => {
        await store.acquire(acquireAs("c1"));
        const lines = [task("t1", "pending"), body("t1"), putLine("tail", tailId("t1", 1), "AAEC")];
        const batch = batchAfter(start, lines);
        expect(await store.commit(batch)).toEqual({ kind: "committed" });
        expect(await other.head()).toEqual({ lineage: "lineage-1", position: positionOf(batch) });
        expect(await entriesAfter(other, 0)).toEqual([{ epoch, sequence: 1, previous: start, lines }]);
        expect(await other.readBody("t1")).toBe(textOf(body("t1")));
        expect(await other.readBodies(["none", "t1"])).toEqual([null, textOf(body("t1"))]);
        expect(await other.readBodies([])).toEqual([]);
        expect(await other.readTail("t1", 1)).toBe("AAEC");
        expect(await other.readTail("t1", 2)).toBeNull();
      });

      test("the last batch again is committed and writes nothing, even after another epoch began", async () => {
        await store.acquire(acquireAs("c1"));
        const batch = batchAfter(start, [task("t1", "pending")]);
        await store.commit(batch);
        expect(await store.commit(batch)).toEqual({ kind: "committed" });
        expect(await entriesAfter(store, 0)).toHaveLength(1);
        await other.acquire(acquireAs("c2", { epoch: epoch + 1, takeOverEpoch: epoch }));
        expect(await store.commit(batch)).toEqual({ kind: "committed" });
        expect(await entriesAfter(store, 0)).toHaveLength(1);
      });

      test("a batch before the last is refused", async () => {
        await store.acquire(acquireAs("c1"));
        const batch = batchAfter(start, [task("t1", "pending")]);
        await store.commit(batch);
        const position = await commitAll(store, positionOf(batch), [[task("t1", "running")]]);
        expect(await store.commit(batch)).toEqual({ kind: "refused", epoch, position });
        expect(await loadAll(store)).toEqual([task("t1", "running")]);
      });

      test("a wrong predecessor is refused: too early, too late, another epoch's", async () => {
        await store.acquire(acquireAs("c1"));
        const position = await commitAll(store, start, [[], []]);
        const wrong = [start, { epoch, sequence: 1 }, { epoch, sequence: 3 }, { epoch: epoch - 1, sequence: 2 }];
        for (const previous of wrong) {
          const answer = await store.commit(batchAfter(previous, [task("t1", "pending")]));
          expect(answer).toEqual({ kind: "refused", epoch, position });
        }
        expect(await loadAll(store)).toEqual([]);
        expect(await entriesAfter(store, 0)).toHaveLength(2);
      });

      test("an old epoch commits nothing after a new one was acquired; the new one goes on from there", async () => {
        await store.acquire(acquireAs("c1"));
        const position = await commitAll(store, start, [[task("t1", "pending")]]);
        await other.acquire(acquireAs("c2", { epoch: epoch + 1, takeOverEpoch: epoch }));
        const late = batchAfter(position, [task("t1", "failed")]);
        expect(await store.commit(late)).toEqual({ kind: "refused", epoch: epoch + 1, position });
        const next = batchAfter(position, [task("t1", "running")], epoch + 1);
        expect(await other.commit(next)).toEqual({ kind: "committed" });
        expect(await store.commit(late)).toMatchObject({ kind: "refused", position: positionOf(next) });
        expect(await entriesAfter(other, 1)).toEqual([
          { epoch: epoch + 1, sequence: 2, previous: position, lines: next.lines },
        ]);
      });

      test("a higher epoch that was never acquired is refused", async () => {
        await store.acquire(acquireAs("c1"));
        expect(await store.commit(batchAfter(start, [], epoch + 1))).toEqual({
          kind: "refused",
          epoch,
          position: start,
        });
      });

      test("a line that is no record fails the batch, and nothing of it is written", async () => {
        await store.acquire(acquireAs("c1"));
        for (const bad of ["+task\tt2", "*task\tt2\t{}", "+nonsense\tt2\t{}", "+task\t\t{}"]) {
          const committing = store.commit(batchAfter(start, [task("t1", "pending"), bad]));
          await expect(committing).rejects.toThrow(/not a record/);
          await expect(committing).rejects.not.toBeInstanceOf(StoreUnavailable);
        }
        expect(await loadAll(store)).toEqual([]);
        expect(await entriesAfter(store, 0)).toEqual([]);
      });

      test("numbers that are not whole, and batches that do not follow, are defects", async () => {
        await store.acquire(acquireAs("c1"));
        const batch = batchAfter(start, []);
        await expect(store.commit({ ...batch, epoch: 2 ** 53 })).rejects.toThrow(RangeError);
        await expect(store.commit({ ...batch, sequence: 7 })).rejects.toThrow(RangeError);
        await expect(store.commit({ ...batch, id: "" })).rejects.toThrow(RangeError);
        await expect(store.acquire(acquireAs("c1", { epoch: 1.5 }))).rejects.toThrow(RangeError);
      });

      test("within a batch the last line of an id decides", async () => {
        await store.acquire(acquireAs("c1"));
        await commitAll(store, start, [
          [task("t1", "pending"), "-task\tt1\t", task("t2", "pending"), task("t2", "running"), "-task\tt3\t"],
          ["-task\tt2\t", task("t2", "stopping"), task("t1", "pending"), "-task\tt1\t"],
        ]);
        expect(await loadAll(store)).toEqual([task("t2", "stopping")]);
      });

      test("text survives as it is: Unicode, escapes, 1 MiB", async () => {
        await store.acquire(acquireAs("c1"));
        const texts = ["żółw 🐢 \u0000 \u2028 \ud800", 'a "quoted" \\ back\tslash\n', "é".repeat(512 * 1024)];
        const lines = texts.map((text, index) => body(`t${index}`, text));
        await commitAll(store, start, [lines]);
        for (const [index, line] of lines.entries()) expect(await store.readBody(`t${index}`)).toBe(textOf(line));
        expect((await entriesAfter(store, 0))[0]?.lines).toEqual(lines);
      });

      test("a batch of none and one of 10,000 lines", async () => {
        await store.acquire(acquireAs("c1"));
        const lines = Array.from({ length: 10_000 }, (_, index) => task(`t${index}`, "pending"));
        const deletes = lines.slice(1).map((_, index) => `-task\tt${index + 1}\t`);
        const position = await commitAll(store, start, [[], lines]);
        expect(await loadAll(store)).toEqual([...lines].sort());
        await commitAll(store, position, [deletes]);
        expect(await loadAll(store)).toEqual([task("t0", "pending")]);
        expect((await entriesAfter(store, 0)).map((entry) => entry.lines.length)).toEqual([0, 10_000, 9_999]);
      });
    });

    describe("load", () => {
      test("gives every kind but tails, bodies of tasks that have not ended only, and nothing that was deleted", async () => {
        await store.acquire(acquireAs("c1"));
        const kept = [
          putLine("cluster", "cluster", "{}"),
          putLine("node", "n1", "{}"),
          putLine("batch", "b1", "{}"),
          putLine("event", "1", "{}"),
          task("t1", "pending"),
          task("t2", "succeeded"),
          body("t1"),
        ];
        const position = await commitAll(store, start, [
          [...kept, body("t2"), putLine("tail", tailId("t1", 1), "AAEC"), putLine("node", "n2", "{}")],
          ["-node\tn2\t", task("t3", "running"), body("t3")],
          ["-task\tt3\t", "-body\tt3\t"],
        ]);
        const lines: string[] = [];
        expect(await other.load((piece) => lines.push(...piece))).toEqual({ lineage: "lineage-1", position });
        expect(lines.sort()).toEqual(kept.sort());
      });

      test("of an empty store gives null", async () => {
        expect(await store.load(() => expect.unreachable("nothing to receive"))).toBeNull();
      });
    });

    describe("log", () => {
      test("a read gives what follows, in order, and nothing at the end", async () => {
        await store.acquire(acquireAs("c1"));
        await commitAll(store, start, [[task("t1", "pending")], [], [task("t2", "pending")]]);
        expect((await entriesAfter(other, 1)).map((entry) => entry.sequence)).toEqual([2, 3]);
        expect(await other.readLog(3, 0)).toEqual({ kind: "entries", entries: [] });
        expect(await other.readLog(3, 20)).toEqual({ kind: "entries", entries: [] });
      });

      test("a read that waits ends with the next commit", async () => {
        await store.acquire(acquireAs("c1"));
        const reading = other.readLog(0, 60_000);
        const batch = batchAfter(start, [task("t1", "pending")]);
        await store.commit(batch);
        expect(await reading).toMatchObject({ kind: "entries", entries: [{ sequence: 1, lines: batch.lines }] });
      });

      test("what was trimmed, wholly or in part, is said to be so", async () => {
        await store.acquire(acquireAs("c1"));
        const position = await commitAll(
          store,
          start,
          Array.from({ length: 300 }, () => []),
        );
        await store.trimLog(epoch - 1, 0);
        expect(await entriesAfter(store, 299)).toHaveLength(1);
        await store.trimLog(epoch, 2);
        expect(await other.readLog(0, 0)).toEqual({ kind: "trimmed" });
        expect(await other.readLog(297, 0)).toEqual({ kind: "trimmed" });
        expect(await entriesAfter(other, 298)).toHaveLength(2);
        await store.trimLog(epoch, 0);
        expect(await other.readLog(299, 0)).toEqual({ kind: "trimmed" });
        expect(await other.readLog(300, 0)).toEqual({ kind: "entries", entries: [] });
        await commitAll(store, position, [[task("t1", "pending")]]);
        expect(await entriesAfter(other, 300)).toHaveLength(1);
      });

      test("a log that ends before what was asked for has lost entries", async () => {
        expect(await store.readLog(1, 0)).toEqual({ kind: "trimmed" });
        await store.acquire(acquireAs("c1"));
        await commitAll(store, start, [[]]);
        expect(await store.readLog(2, 1)).toEqual({ kind: "trimmed" });
      });
    });

    describe("coordinators", () => {
      const entry = (id: string) => ({ id, address: `${id}:7400`, version: "0.1.0", startedAtMs: 1_786_543_210_987 });

      test("those that announced themselves are listed until their time is over", async () => {
        await store.announce(entry("c1"), ttlMs);
        await other.announce(entry("c2"), 30);
        await store.announce({ ...entry("c1"), version: "0.2.0" }, ttlMs);
        await expect
          .poll(() => store.coordinators(), { interval: 5, timeout: 3_000 })
          .toEqual([{ ...entry("c1"), version: "0.2.0" }]);
        await other.announce(entry("c2"), ttlMs);
        expect((await store.coordinators()).map(({ id }) => id).sort()).toEqual(["c1", "c2"]);
      });
    });

    test("a closed store rejects, also what waits", async () => {
      await store.acquire(acquireAs("c1"));
      const waiting = store.readLog(0, 60_000);
      await store.close();
      await expect(waiting).rejects.toBeInstanceOf(StoreUnavailable);
      await expect(store.head()).rejects.toBeInstanceOf(StoreUnavailable);
      expect(await other.head()).not.toBeNull();
    });

    test("memory is told in bytes", async () => {
      const memory = await store.memory();
      expect(memory.limitBytes).toBe(0);
      expect(memory.usedBytes).toBeGreaterThanOrEqual(0);
    });

    test("how it is replicated is told", async () => {
      expect(await store.replication()).toMatchObject({ replicas: 0, bySentinel: false, minReplicasToWrite: 0 });
    });
  });
}
