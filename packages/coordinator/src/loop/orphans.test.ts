/** From a journal beside its log to an orphan, and on to the leader. */
import { expect, test } from "vitest";
import type { History } from "../core/recovery/fork.ts";
import { OrphanExchange } from "../peer/orphan-exchange.ts";
import type { LogEntry, LogTail } from "../store/store.ts";
import type { Orphan } from "./journal.ts";
import { changedSince, piecesOf } from "./orphan-pieces.ts";
import { setAsideOrphans, unmergedOrphans } from "./orphans.ts";
import { MemoryJournal } from "./testing/memory-journal.ts";

const quiet = { info() {}, warn() {}, error() {} };
const task = (id: string, state: string) => `+task\t${id}\t${JSON.stringify({ id, state })}`;
const body = (id: string) => `+body\t${id}\t{}`;

function entry(sequence: number, lines: readonly string[], epoch = 7): LogEntry {
  return { epoch, sequence, previous: { epoch, sequence: sequence - 1 }, lines };
}

function journalOf(...batches: readonly (readonly string[])[]): MemoryJournal {
  const journal = new MemoryJournal();
  for (const [index, lines] of batches.entries()) journal.append("log", entry(index + 1, lines));
  return journal;
}

/** A log that has so many batches of epoch 7. */
const until = (sequence: number): History => ({
  end: { epoch: 7, sequence },
  leaderships: [{ epoch: 7, sequence: 1 }],
});

test("what the log has lost is set aside: the last of each key, tasks with their texts, nothing deleted", async () => {
  const journal = journalOf(
    [task("kept", "pending"), body("kept")],
    [task("t2", "pending"), body("t2"), "+event\t1\t{}", '+cluster\tcluster\t{"placementChangedAtMs":5}'],
    ["+tail\tt2.1\tdGFpbA==", task("t2", "succeeded"), task("gone", "failed"), "+node\ta\t{}"],
    ["-task\tgone\t", "+batch\tb\t{}", task("t10", "pending"), body("t10")],
  );
  await setAsideOrphans(journal, "log", until(1), quiet);
  expect(journal.orphans()).toEqual([
    {
      id: expect.stringMatching(/^log\.1\.7\.4\.[0-9a-f]{12}$/),
      lineage: "log",
      fork: { epoch: 7, sequence: 1 },
      end: { epoch: 7, sequence: 4 },
      lines: [
        "+node\ta\t{}",
        '+cluster\tcluster\t{"placementChangedAtMs":5}',
        "+batch\tb\t{}",
        task("t10", "pending"),
        body("t10"),
        task("t2", "succeeded"),
        body("t2"),
        "+tail\tt2.1\tdGFpbA==",
      ],
    },
  ]);
  expect(
    journal.entries.map(({ sequence }) => sequence),
    "the journal goes on from the fork",
  ).toEqual([1]);
  await setAsideOrphans(journal, "log", until(1), quiet);
  expect(journal.orphans()).toHaveLength(1);
  const nothing = journalOf([], ["+event\t1\t{}", '+cluster\tcluster\t{"epoch":7}']);
  await setAsideOrphans(nothing, "log", until(1), quiet);
  expect(nothing.orphans(), "what a leader writes for itself is no loss").toEqual([]);
  expect(nothing.entries).toHaveLength(1);
});

test("a log that has all of it leaves the journal alone, and an orphan that it has again is dropped", async () => {
  const journal = journalOf([task("t1", "pending")], [task("t1", "running")]);
  await setAsideOrphans(journal, "log", until(2), quiet);
  await setAsideOrphans(journal, "log", until(9), quiet);
  expect(journal.orphans()).toEqual([]);
  await setAsideOrphans(journal, "log", until(1), quiet);
  expect(journal.orphans()).toHaveLength(1);
  await setAsideOrphans(journal, "log", until(9), quiet);
  expect(journal.orphans()).toEqual([]);
});

test("two journals make one orphan when they hold the same, and two when one of them has a gap", async () => {
  const idOf = async (...sequences: readonly number[]) => {
    const journal = new MemoryJournal();
    for (const sequence of sequences) journal.append("log", entry(sequence, [task(`t${sequence}`, "pending")]));
    await setAsideOrphans(journal, "log", until(1), quiet);
    return journal.orphans().map(({ id }) => id);
  };
  expect(await idOf(1, 2, 3, 4)).toEqual(await idOf(1, 2, 3, 4));
  expect(await idOf(1, 2, 3, 4)).not.toEqual(await idOf(1, 2, 4));
});

test("what belongs to another log is kept, and not merged into this one", async () => {
  const journal = journalOf([task("t1", "pending"), body("t1")]);
  await setAsideOrphans(journal, "other", until(9), quiet);
  expect(journal.orphans().map(({ lineage }) => lineage)).toEqual(["log"]);
  expect(unmergedOrphans(journal, "other")).toEqual([]);
  expect(journal.entries).toEqual([]);
});

test("which keys have changed since the fork is told by the journal, or by the log where that has a gap", async () => {
  const orphan = { lineage: "log", fork: { epoch: 7, sequence: 2 } } as Orphan;
  const asked: number[] = [];
  const logOf = (...entries: readonly LogEntry[]) => ({
    readLog: async (sequence: number): Promise<LogTail> => {
      asked.push(sequence);
      const after = entries.filter((one) => one.sequence > sequence);
      return after[0]?.sequence === sequence + 1
        ? { kind: "entries", entries: after.slice(0, 1) }
        : { kind: "trimmed" };
    },
  });
  const at = (sequence: number) => ({ epoch: 7, sequence });
  const whole = journalOf([task("t1", "pending")], [task("t2", "pending")], [task("t3", "pending"), body("t3")]);
  expect(await changedSince(whole, logOf(), orphan, at(3))).toEqual(new Set(["task t3", "body t3"]));
  expect(await changedSince(journalOf([], []), logOf(), orphan, at(2)), "nothing came after").toEqual(new Set());
  expect(asked).toEqual([]);
  // The state at 4 was loaded: how it came about is in the log alone.
  const log = logOf(entry(3, [task("t3", "running")]), entry(4, [task("t4", "pending")]));
  expect(await changedSince(journalOf([], []), log, orphan, at(4))).toEqual(new Set(["task t3", "task t4"]));
  expect(asked).toEqual([2, 3]);
  expect(await changedSince(journalOf([], []), logOf(), orphan, at(4)), "trimmed").toBeNull();
  const another = logOf(entry(3, [task("t3", "running")]), { ...entry(4, [], 9), previous: at(3) });
  expect(await changedSince(journalOf([], []), another, orphan, at(4)), "it ends elsewhere").toBeNull();
  const elsewhere = logOf({ ...entry(3, [task("t3", "running")]), previous: { epoch: 6, sequence: 2 } });
  expect(await changedSince(journalOf([], []), elsewhere, orphan, at(3)), "it does not go on from the fork").toBeNull();
  const longer = logOf(entry(3, [task("t3", "running")]), entry(4, [task("t4", "pending")]));
  const early = await changedSince(journalOf([], []), longer, orphan, at(3));
  expect(early, "what came later is seen by other means").toEqual(new Set(["task t3"]));
  whole.append("log", entry(5, [task("t5", "pending")]));
  expect(await changedSince(whole, logOf(), orphan, at(5)), "a gap").toBeNull();
});

test("pieces keep a task and its texts together, and the last one says so", () => {
  const lines = Array.from({ length: 250 }, (_, index) => [task(`t${index}`, "pending"), body(`t${index}`)]).flat();
  const orphan = { id: "o", lineage: "log", fork: { epoch: 1, sequence: 1 }, end: { epoch: 1, sequence: 2 }, lines };
  const pieces = [...piecesOf(orphan, "c2", null, new Map())];
  expect(pieces.map(({ isLast }) => isLast)).toEqual([...pieces.slice(1).map(() => false), true]);
  expect(pieces.flatMap(({ records }) => records)).toHaveLength(500);
  for (const { records } of pieces) {
    expect(records[0]?.kind).toBe("task");
    expect(records.length).toBeLessThanOrEqual(102);
  }
  expect([...piecesOf({ ...orphan, lines: [] }, "c2", null, new Map())]).toMatchObject([{ records: [], isLast: true }]);
});

test("an orphan arrives as it was, whatever its size, and is offered until it is merged", async () => {
  const journal = new MemoryJournal();
  const lines = [body("t1"), `+body\tt2\t"${"😀é".repeat(200_000)}"`, task("t3", "pending")];
  await journal.keepOrphan({
    id: "o",
    lineage: "log",
    fork: { epoch: 5, sequence: 4 },
    end: { epoch: 5, sequence: 9 },
    lines,
  });
  let nowMs = 0;
  let linked = true;
  const taken: Orphan[] = [];
  const base = { clock: { now: () => ({ wallMs: 0, steadyMs: nowMs }) }, log: quiet };
  const leader = new OrphanExchange({
    ...base,
    send: (_, message) => {
      standby.receive("leader", JSON.parse(JSON.stringify(message)));
      return true;
    },
    leaderId: () => "",
    orphans: () => [],
    drop: () => {},
    take: (from, orphan) => {
      expect(from).toBe("standby");
      taken.push(orphan);
    },
  });
  const standby = new OrphanExchange({
    ...base,
    send: (to, message) => {
      expect(to).toBe("leader");
      const bytes = Buffer.byteLength(JSON.stringify(message));
      expect(bytes, "well below the limit of a message").toBeLessThan(300_000);
      if (linked) leader.receive("standby", JSON.parse(JSON.stringify(message)));
      return linked;
    },
    leaderId: () => "leader",
    orphans: () => journal.orphans(),
    drop: (id) => void journal.dropOrphan(id),
    take: () => {},
  });
  standby.offer();
  expect(taken).toEqual(journal.orphans());
  standby.offer();
  expect(taken, "not at once again").toHaveLength(1);
  linked = false;
  nowMs += 5_000;
  standby.offer();
  linked = true;
  standby.offer();
  expect(taken, "again, as long as nobody says that it is merged").toHaveLength(2);
  standby.receive("another", JSON.parse('{"orphansMerged":{"id":"o"}}'));
  expect(journal.orphans(), "who leads no more may have merged it into what is lost again").toHaveLength(1);
  leader.merged("standby", "o");
  expect(journal.orphans()).toEqual([]);
  nowMs += 5_000;
  standby.offer();
  expect(taken).toHaveLength(2);
});
