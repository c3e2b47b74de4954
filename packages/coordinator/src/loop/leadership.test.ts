/** Who leads, and when: on a store in memory, by a clock that the test moves. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { MemoryDatabase } from "../store/memory/memory-database.ts";
import type { Orphan } from "./journal.ts";
import { Contender, Disk, Server } from "./testing/contenders.ts";
import { VirtualClock } from "./testing/virtual-clock.ts";

let clock: VirtualClock;
let server: Server;
let running: Contender[];

beforeEach(() => {
  clock = new VirtualClock();
  server = new Server();
  running = [];
});
afterEach(async () => {
  server.isAway = false;
  await Promise.all(running.filter(({ isHung }) => !isHung).map((one) => one.stop()));
});

function start(number: number, disk = new Disk(), over: ConstructorParameters<typeof Contender>[4] = {}): Contender {
  const one = new Contender(number, clock, server, disk, over);
  running.push(one);
  return one;
}

/** Leads a log that has just begun. */
async function leading(disk = new Disk(), over: ConstructorParameters<typeof Contender>[4] = {}): Promise<Contender> {
  const one = start(1, disk, over);
  await clock.pass(2_000);
  expect(one.leads).toBe(true);
  return one;
}

test("on a new store, somebody leads within seconds, and the others follow", async () => {
  const [one, other] = [start(1), start(2)];
  await clock.pass(1_000);
  expect([one.leads, other.leads], "others may know of a log and have not told yet").toEqual([false, false]);
  await clock.pass(1_000);
  const [leader, standby] = one.leads ? [one, other] : [other, one];
  expect([leader.leads, standby.leads]).toEqual([true, false]);
  expect(await leader.submit("t1")).toBe("t1");
  await clock.pass(600);
  expect([...standby.replica.state.tasks.keys()]).toEqual(["t1"]);
  expect(standby.leadership.holder?.epoch).toBe(leader.epoch);
});

test("a leader that hangs costs its lease's time, and no less", async () => {
  const first = await leading();
  const second = start(2);
  await clock.pass(1_000);
  first.isHung = true;
  await clock.pass(1_900);
  expect(first.leads, "it may not count on its lease for longer than this").toBe(true);
  await clock.pass(200);
  expect([first.leads, second.leads]).toEqual([false, false]);
  await clock.pass(1_500);
  expect(second.leads).toBe(true);
});

test("one renewal without an answer does not end a leadership", async () => {
  const one = await leading();
  const { epoch } = one;
  server.ignoresNext = "renew";
  await clock.pass(5_000);
  expect(server.ignoresNext, "a renewal should have been lost").toBe("");
  expect([one.leads, one.epoch]).toEqual([true, epoch]);
});

test("who stops while the store is away does not ask it without a pause", async () => {
  const first = await leading();
  const second = start(2);
  await clock.pass(1_000);
  // It waits for this answer while it is told to stop.
  server.ignoresNext = "readLease";
  await clock.pass(300);
  expect(server.ignoresNext, "a look at the lease should be under way").toBe("");
  server.isAway = true;
  second.leadership.stop();
  await clock.pass(5_000);
  await second.running;
  expect(server.refusals).toBeLessThan(200);
  server.isAway = false;
  await clock.pass(5_000);
  expect(first.leads).toBe(true);
});

test("a holder whose process is dead is followed at once, with a higher epoch", async () => {
  const first = await leading();
  const second = start(2);
  await clock.pass(500);
  const { epoch } = first;
  first.isHung = true;
  second.leadership.holderGone("c3");
  await clock.pass(200);
  expect(second.leads, "of another holder's death nothing follows").toBe(false);
  second.leadership.holderGone("c1");
  await clock.pass(10);
  expect(second.leads).toBe(true);
  expect(second.epoch).toBeGreaterThan(epoch);
});

test("who steps down lets others go first, and leads again when nobody does", async () => {
  const resigned: number[] = [];
  const first = await leading(new Disk(), { onResigned: (epoch) => resigned.push(epoch) });
  const { epoch } = first;
  first.leadership.stepDown("asked to");
  await clock.pass(10);
  expect(first.leads).toBe(false);
  expect(resigned, "the others are told").toEqual([epoch]);
  await clock.pass(900);
  expect(first.leads).toBe(false);
  await clock.pass(300);
  expect(first.leads).toBe(true);
  expect(first.epoch).toBeGreaterThan(epoch);
});

test("a clock that is behind costs one more try: epochs never fall", async () => {
  const ahead = 9_000_000_000_000_001;
  server.database.acquire(
    { coordinatorId: "c9", address: "", epoch: ahead, ttlMs: 100, takeOverEpoch: null, lineageToBegin: "log" },
    clock.now().steadyMs,
  );
  const one = start(1);
  await clock.pass(1_000);
  expect(one.leads).toBe(true);
  expect(one.epoch).toBeGreaterThan(ahead);
});

test("a store that is away ends the leadership in time, and is led again when it is back", async () => {
  const one = await leading();
  expect(await one.submit("t1")).toBe("t1");
  server.isAway = true;
  await clock.pass(1_400);
  expect(one.leads).toBe(true);
  await clock.pass(700);
  expect(one.leads).toBe(false);
  await clock.pass(10_000);
  expect(
    one.log.filter((line) => line.includes("does not answer")),
    "said once",
  ).toHaveLength(1);
  server.isAway = false;
  await clock.pass(4_000);
  expect(one.leads).toBe(true);
  expect([...one.replica.state.tasks.keys()]).toEqual(["t1"]);
});

test("a store that lost its last writes: they are set aside, given back, and only then is anything accepted", async () => {
  const disk = new Disk();
  const one = await leading(disk);
  await one.submit("kept", "r1");
  const backup = server.database.copy();
  await one.submit("lost", "r2");
  server.restore(backup, "another process");
  expect(await one.submit("refused"), "the log does not end where this leader stands").toBe("");
  await clock.pass(800);
  expect(disk.journal.orphans(), "found before it leads again").toHaveLength(1);
  expect(one.leads).toBe(false);
  await clock.pass(300);
  expect(one.leads).toBe(true);
  expect(await one.submit("again", "r2")).toBe("unavailable");
  await clock.pass(3_000);
  expect(await one.submit("again", "r2"), "the same request is the same task").toBe("lost");
  expect([...one.replica.state.tasks.keys()].sort()).toEqual(["kept", "lost"]);
  expect(disk.journal.orphans(), "kept until it was durable in the log").toEqual([]);
  expect(one.replica.history).not.toBe(one.replica.lineage);
});

test("a standby that is ahead of what its predecessor's store came back with does not lose it", async () => {
  const first = await leading();
  const second = start(2);
  const backup = server.database.copy();
  await first.submit("lost");
  await clock.pass(600);
  first.isHung = true;
  server.restore(backup, "another process");
  second.leadership.holderGone("c1");
  await clock.pass(6_000);
  expect(second.leads).toBe(true);
  expect([...second.replica.state.tasks.keys()]).toEqual(["lost"]);
});

test("another process of the store is believed when the other coordinators have compared", async () => {
  const one = await leading();
  await one.submit("t1");
  await clock.pass(5_000);
  one.observation.listedMs.set("c2", clock.now().steadyMs);
  one.hearPeer("c2", "log-1");
  const backup = server.database.copy();
  server.restore(backup, "another process");
  one.leadership.stepDown("so that it is elected again");
  await clock.pass(2_000);
  one.hearPeer("c2", "log-1");
  await clock.pass(200);
  expect(one.leads).toBe(true);
  expect(await one.submit("t2")).toBe("unavailable");
  one.hearPeer("c2", "log-1", one.epoch);
  await clock.pass(300);
  expect(await one.submit("t2")).toBe("t2");
});

test("an orphan of the leader's own that another coordinator offers meanwhile is merged, and counted as its own", async () => {
  const disk = new Disk();
  const one = await leading(disk);
  const { lineage } = one.replica;
  const orphan = (id: string, sequence: number): Orphan => {
    return { id, lineage, fork: { epoch: 1, sequence: 0 }, end: { epoch: 1, sequence }, lines: [] };
  };
  await disk.journal.keepOrphan(orphan("longer", 9));
  await disk.journal.keepOrphan(orphan("shorter", 8));
  const reading = Promise.withResolvers<void>();
  const { journal } = disk;
  const entriesAfter = journal.entriesAfter.bind(journal);
  journal.entriesAfter = async function* (sequence) {
    await reading.promise;
    yield* entriesAfter(sequence);
  };
  one.leadership.stepDown("so that it is elected again");
  await clock.pass(1_500);
  expect(one.leads).toBe(true);
  const taking = one.leadership.orphans.take(one.leadership.leader, "c2", orphan("shorter", 8));
  reading.resolve();
  await taking;
  await clock.pass(10_000);
  expect(journal.orphans()).toEqual([]);
  expect(await one.submit("t1")).toBe("t1");
});

test("an orphan that cannot be read is told and kept, and holds nothing up for ever", async () => {
  const disk = new Disk();
  const one = await leading(disk);
  const { lineage } = one.replica;
  const ends = { fork: { epoch: 1, sequence: 0 }, end: { epoch: 1, sequence: 9 } };
  await disk.journal.keepOrphan({ id: "damaged", lineage, ...ends, lines: ['+task\tt1\t{"id":'] });
  one.leadership.stepDown("so that it is elected again");
  await clock.pass(8_000);
  expect(one.log).toContain("an orphan holds what is no record");
  expect(await one.submit("t2")).toBe("t2");
  expect(disk.journal.orphans()).toHaveLength(1);
});

test("a log that loses its end right after the lease was acquired is not waited for", async () => {
  const first = await leading();
  const second = start(2);
  await clock.pass(1_000);
  first.isHung = true;
  const { database } = server;
  const acquire = database.acquire.bind(database);
  database.acquire = (request, nowMs) => {
    const result = acquire(request, nowMs);
    if (result.kind !== "acquired") return result;
    // One more batch was there, and is gone with the process.
    server.restore(database.copy(), "another process");
    return { ...result, position: { ...result.position, sequence: result.position.sequence + 1 } };
  };
  await clock.pass(10_000);
  expect(second.leads).toBe(true);
});

test("an emptied store is not led by who belongs to a log, and takes nothing from its copy", async () => {
  const disk = new Disk();
  const one = await leading(disk);
  await one.submit("t1");
  server.restore(new MemoryDatabase(), "another process");
  await clock.pass(20_000);
  expect(one.leads).toBe(false);
  expect(
    one.log.filter((line) => line.startsWith("the store is empty")),
    "said once",
  ).toHaveLength(1);
  expect([...one.replica.state.tasks.keys()]).toEqual(["t1"]);
  await one.stop();
  const again = start(1, disk);
  await clock.pass(10_000);
  expect(again.leads, "nor after a restart").toBe(false);
  await again.stop();
  const anew = start(1, disk, { beginAnew: true });
  await clock.pass(1_000);
  expect(anew.leads, "unless an operator says so").toBe(true);
  expect(anew.replica.state.tasks.size).toBe(0);
});

test("a new coordinator begins no log while others know of one", async () => {
  const fresh = start(3);
  fresh.hearPeer("c1", "log-1");
  await clock.pass(10_000);
  expect(fresh.leads).toBe(false);
  expect(fresh.log.join()).toMatch(/c1 belongs to a log/);
  await fresh.stop();

  const met = start(4);
  met.leadership.metEpoch(7);
  await clock.pass(10_000);
  expect(met.leads, "an agent has told of an epoch").toBe(false);
  await met.stop();

  const unsure = start(5);
  unsure.observation.listedMs.set("c1", clock.now().steadyMs);
  await clock.pass(4_000);
  expect(unsure.leads, "a listed coordinator may tell yet").toBe(false);
  await clock.pass(2_000);
  expect(unsure.leads, "but is not waited for for ever").toBe(true);
});

test("where durability asks for the journal, a disk that fails ends the leadership, and nobody leads with it", async () => {
  const disk = new Disk();
  const one = await leading(disk, { durability: "journal" });
  expect(await one.submit("t1")).toBe("t1");
  disk.journal.fails = true;
  expect(await one.submit("t2"), "committed, and not acknowledged").toBe("");
  await clock.pass(10_000);
  expect(one.leads).toBe(false);
  expect(
    one.log.filter((line) => line.includes("durability asks for it")),
    "said once",
  ).toHaveLength(1);
  disk.journal.fails = false;
  await clock.pass(1_000);
  expect(one.leads).toBe(true);
  expect([...one.replica.state.tasks.keys()].sort()).toEqual(["t1", "t2"]);
});
