/** Links between coordinators: who speaks on them, what breaks them, and that nothing on them grows without bound. */
import type { PeerMessage, PeerMessage__Output } from "@holdfast/shared/contract/generated/holdfast/v1/PeerMessage.ts";
import { peerServiceDefinition } from "@holdfast/shared/contract/load.ts";
import type { HoldfastError } from "@holdfast/shared/errors.ts";
import { expect, test } from "vitest";
import type { CoordinatorEntry } from "../store/store.ts";
import type { StreamListener } from "../stream/stream.ts";
import { PeerLinks, type PeerStream } from "./peer-links.ts";

const { requestSerialize, requestDeserialize } = peerServiceDefinition.Link;

/** One end of a link; the test is the other. */
class LinkEnd implements PeerStream {
  readonly written: PeerMessage[] = [];
  refusal: HoldfastError | null = null;
  closed = false;
  reads = true;
  #listener: StreamListener<PeerMessage__Output> | null = null;

  listen(listener: StreamListener<PeerMessage__Output>): void {
    this.#listener = listener;
  }

  write(message: PeerMessage): boolean {
    this.written.push(message);
    return this.reads;
  }

  close(): void {
    this.closed = true;
  }

  refuse(error: HoldfastError): void {
    this.refusal = error;
    this.end();
  }

  say(message: PeerMessage): void {
    this.#listener?.received(requestDeserialize(requestSerialize(message)));
  }

  end(): void {
    this.#listener?.ended();
  }
}

const entry = (id: string): CoordinatorEntry => ({ id, address: `${id}:1`, version: "1", startedAtMs: 1 });

function bench() {
  const dialled: LinkEnd[] = [];
  const events: string[] = [];
  const links = new PeerLinks({
    self: entry("c1"),
    dialPeer: () => {
      const end = new LinkEnd();
      dialled.push(end);
      return end;
    },
    refusesConnections: () => Promise.resolve(true),
    clock: { now: () => ({ wallMs: 1, steadyMs: 1 }), every: () => ({ cancel: () => {} }) },
    hearing: () => ({ silentNodeIds: ["a"], silentForMs: [2_000] }),
    heardPeer: (id) => events.push(`heard ${id}`),
    received: (id, message) => events.push(`received ${message.content} from ${id}`),
    peerGone: (id) => events.push(`gone ${id}`),
    broken: (id) => events.push(`broken ${id}`),
    failed: (error) => events.push(`failed ${error}`),
    log: { debug() {}, info() {}, warn() {}, error() {} },
  });
  const accept = (coordinatorId: string) => {
    const end = new LinkEnd();
    links.accept(end);
    if (coordinatorId !== "") end.say({ hello: { coordinatorId } });
    return end;
  };
  const dial = (id: string) => {
    links.setPeers([entry("c1"), entry(id)]);
    const end = dialled.at(-1) as LinkEnd;
    end.say({ hello: { coordinatorId: id } });
    return end;
  };
  return { links, dialled, events, accept, dial };
}

test("what a peer says goes to those whom it concerns, under the name of its Hello", () => {
  const { accept, events } = bench();
  const end = accept("c2");
  end.say({ hearing: { silentNodeIds: [] } });
  end.say({ fromAgent: { nodeId: "a" } });
  end.say({ orphansMerged: { id: "o" } });
  end.say({ resigned: { epoch: 7 } });
  expect(events).toEqual(["heard c2", "received fromAgent from c2", "received orphansMerged from c2", "gone c2"]);
});

test.each<[string, PeerMessage[], string]>([
  ["no Hello first", [{ resigned: { epoch: 7 } }], "PeerHello"],
  ["no name", [{ hello: {} }], "hello.coordinator_id"],
  ["our own name", [{ hello: { coordinatorId: "c1" } }], "hello.coordinator_id"],
  ["two names", [{ hello: { coordinatorId: "c2" } }, { hello: { coordinatorId: "c3" } }], "hello.coordinator_id"],
])("a link with %s is refused", (_, messages, reason) => {
  const { accept, events } = bench();
  const end = accept("");
  for (const message of messages) end.say(message);
  expect(end.refusal).toMatchObject({ code: "invalidArgument", message: expect.stringContaining(reason) });
  end.say({ resigned: { epoch: 7 } });
  expect(
    events.filter((event) => !event.startsWith("broken")),
    "nothing of it counts any more",
  ).toEqual([]);
});

test("a coordinator that links anew ends its older link, and what that still brings is not taken", () => {
  const { accept, events } = bench();
  const older = accept("c2");
  const newer = accept("c2");
  expect(older.closed).toBe(true);
  older.say({ resigned: { epoch: 7 } });
  newer.say({ hearing: {} });
  expect(events).toEqual(["broken c2", "heard c2"]);
});

test("of several that say they lead, the highest epoch does, as long as its link stands", () => {
  const { accept, links } = bench();
  const [second, third] = [accept("c2"), accept("c3")];
  expect(links.leaderId).toBe("");
  second.say({ hearing: { leadingEpoch: 7 } });
  third.say({ hearing: { leadingEpoch: 8 } });
  expect(links.leaderId).toBe("c3");
  third.end();
  expect(links.leaderId).toBe("c2");
  second.say({ hearing: { leadingEpoch: 0 } });
  expect(links.leaderId).toBe("");
});

test("a link that breaks is told as broken, and its process as dead when a redial is refused", async () => {
  const { dial, events, links } = bench();
  const end = dial("c2");
  expect(links.isReachable("c2")).toBe(true);
  end.end();
  await Promise.resolve();
  await Promise.resolve();
  expect(events).toEqual(["broken c2", "gone c2"]);
  expect(links.send("c2", { fromAgent: {} })).toBe(false);
});

test("nothing is sent to a coordinator whose link does not stand yet", () => {
  const { links, dialled } = bench();
  links.setPeers([entry("c2")]);
  expect(links.send("c2", { fromAgent: {} })).toBe(false);
  expect(dialled[0]?.written).toEqual([{ hello: expect.objectContaining({ coordinatorId: "c1" }) }]);
});

test("a coordinator that does not read misses views, and is linked anew when too much waits for it", () => {
  const { links, dial, dialled, events } = bench();
  const end = dial("c2");
  end.reads = false;
  links.tellHearing();
  links.tellHearing();
  expect(end.written.filter(({ hearing }) => hearing !== undefined)).toHaveLength(1);
  for (let count = 0; count < 33 && !end.closed; count += 1) links.send("c2", { fromAgent: {} }, 1024 * 1024);
  expect(end.closed).toBe(true);
  expect(events).toEqual(["broken c2"]);
  links.setPeers([entry("c2")]);
  expect(dialled).toHaveLength(2);
});

test("a flood ends its link with a clear word", () => {
  const { accept } = bench();
  const end = accept("c2");
  for (let count = 0; count < 200_000 && end.refusal === null; count += 1) end.say({ orphansMerged: {} });
  expect(end.refusal).toMatchObject({ code: "resourceExhausted", message: expect.stringContaining("more than") });
});

test("links beyond all reason are refused, and leave room when they end", () => {
  const { accept } = bench();
  const ends = Array.from({ length: 65 }, (_, index) => accept(`peer-${index}`));
  expect(ends.filter(({ refusal }) => refusal?.code === "resourceExhausted")).toHaveLength(1);
  ends[0]?.end();
  expect(accept("peer-late").refusal).toBe(null);
});

test("links that say nothing keep no coordinator out", () => {
  const { accept, links } = bench();
  const silent = Array.from({ length: 64 }, () => accept(""));
  const end = accept("c2");
  expect(end.refusal).toBe(null);
  expect(silent.filter(({ refusal }) => refusal !== null)).toHaveLength(1);
  end.say({ hearing: { leadingEpoch: 7 } });
  expect(links.leaderId).toBe("c2");
});

test("a coordinator that leads is known by the address of the link to it, as long as that stands", () => {
  const { links, accept, dial } = bench();
  accept("c2").say({ hearing: { leadingEpoch: 5 } });
  expect(links.leader, "there is no link to it yet").toBeNull();
  const link = dial("c2");
  expect(links.leader).toEqual({ id: "c2", address: "c2:1", epoch: 5 });
  link.end();
  expect(links.leader).toBeNull();
});
