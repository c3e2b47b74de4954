/** An agent that its leader does not hear, through coordinators that do: every way in which the two ways can cross. */
import type {
  AgentMessage,
  AgentMessage__Output,
} from "@holdfast/shared/contract/generated/holdfast/v1/AgentMessage.ts";
import type {
  CoordinatorMessage,
  CoordinatorMessage__Output,
} from "@holdfast/shared/contract/generated/holdfast/v1/CoordinatorMessage.ts";
import type { FromAgent } from "@holdfast/shared/contract/generated/holdfast/v1/FromAgent.ts";
import type { ToAgent } from "@holdfast/shared/contract/generated/holdfast/v1/ToAgent.ts";
import { agentServiceDefinition } from "@holdfast/shared/contract/load.ts";
import type { HoldfastError } from "@holdfast/shared/errors.ts";
import { expect, test } from "vitest";
import type { StartEffect, StopEffect } from "../core/effect.ts";
import type { CoordinatorEvent, Heard } from "../core/event.ts";
import type { StreamListener } from "../stream/stream.ts";
import { AgentSessions, type AgentStream } from "./agent-sessions.ts";

const { requestSerialize, requestDeserialize, responseSerialize, responseDeserialize } = agentServiceDefinition.Session;
const said = (message: AgentMessage): AgentMessage__Output => requestDeserialize(requestSerialize(message));
const told = (message: CoordinatorMessage): CoordinatorMessage__Output =>
  responseDeserialize(responseSerialize(message));

const nodeId = "node-1";
const instanceId = "agent-1";

/** The coordinator's end of an agent's stream; the test is the agent. */
class AgentEnd implements AgentStream {
  readonly told: CoordinatorMessage__Output[] = [];
  refusal: HoldfastError | null = null;
  #listener: StreamListener<AgentMessage__Output> | null = null;

  listen(listener: StreamListener<AgentMessage__Output>): void {
    this.#listener = listener;
  }

  write(message: CoordinatorMessage): boolean {
    this.told.push(told(message));
    return true;
  }

  close(): void {
    this.#listener?.ended();
  }

  refuse(error: HoldfastError): void {
    this.refusal = error;
    this.#listener?.ended();
  }

  say(message: AgentMessage): void {
    this.#listener?.received(said(message));
  }

  hello(highestEpoch: number, answersInquiry = 0, attempts: readonly string[] = []): void {
    this.say(helloOf(highestEpoch, answersInquiry, attempts));
  }

  beat(sequence: number): void {
    this.say({ beat: { sequence } });
  }

  /** The number of the last inquiry that reached the agent by this stream. */
  get inquiry(): number {
    return this.told.findLast((message) => message.leading !== undefined)?.leading?.inquiry ?? 0;
  }
}

function helloOf(highestEpoch: number, answersInquiry: number, attempts: readonly string[]): AgentMessage {
  const reports = attempts.map((taskId) => ({ taskId, attempt: 1, state: "ATTEMPT_STATE_RUNNING" as const }));
  return { hello: { nodeId, bootId: "boot", instanceId, highestEpoch, answersInquiry, attempts: reports } };
}

const ended = (taskId: string, state: "SUCCEEDED" | "FAILED" | "LOST"): AgentMessage => ({
  reports: { reports: [{ taskId, attempt: 1, state: `ATTEMPT_STATE_${state}` }] },
});

const running = (taskId: string): AgentMessage => ({
  reports: { reports: [{ taskId, attempt: 1, state: "ATTEMPT_STATE_RUNNING" }] },
});

/** One coordinator's sessions, with links to others whose messages wait until the test lets them arrive. */
class Bench {
  nowMs = 1_000_000;
  epoch: number;
  leaderId = "";
  missed = false;
  linked = true;
  unreachable = "";
  readonly heard: Heard[] = [];
  readonly posted: CoordinatorEvent[] = [];
  readonly met: number[] = [];
  readonly warnings: string[] = [];
  readonly fromAgents: FromAgent[] = [];
  readonly toAgents: { readonly through: string; readonly message: ToAgent }[] = [];
  readonly sessions: AgentSessions;

  constructor(id: string, epoch: number) {
    this.epoch = epoch;
    this.sessions = new AgentSessions({
      coordinatorId: id,
      beatIntervalMs: 1_000,
      metricsIntervalMs: 5_000,
      suspectAfterMs: () => 1_500,
      startValidMs: () => 3_000,
      leadingEpoch: () => this.epoch,
      hear: (heard) => this.heard.push(heard),
      post: (event) => this.posted.push(event),
      metEpoch: (met) => this.met.push(met),
      passingOn: {
        leaderId: () => this.leaderId,
        isMissed: () => this.missed,
        sendTo: (_, message) => this.linked && this.fromAgents.push(message) > 0,
      },
      sendThrough: (through, message) =>
        this.linked && through !== this.unreachable && this.toAgents.push({ through, message }) > 0,
      clock: { now: () => ({ wallMs: this.nowMs, steadyMs: this.nowMs }) },
      seed: () => 1,
      log: { warn: (_, message) => this.warnings.push(message), error: (_, message) => this.warnings.push(message) },
    });
  }

  agent(): AgentEnd {
    const end = new AgentEnd();
    this.sessions.accept(end);
    return end;
  }

  relay(message: AgentMessage, through = "c2"): void {
    const sender = { nodeId, instanceId };
    this.sessions.takeRelayed(through, { ...sender, message: said(message) });
  }

  get hellos(): readonly (readonly string[])[] {
    return this.posted.flatMap((event) => (event.kind === "hello" ? [event.hello.attempts.map((a) => a.taskId)] : []));
  }

  get reported(): readonly string[] {
    return this.posted.flatMap((event) =>
      event.kind === "reports" ? event.reports.map(({ taskId, state }) => `${taskId} ${state}`) : [],
    );
  }

  get lastInquiryThrough(): { readonly through: string; readonly inquiry: number } | null {
    const last = this.toAgents.findLast(({ message }) => message.message?.leading !== undefined);
    return last === undefined
      ? null
      : { through: last.through, inquiry: Number(last.message.message?.leading?.inquiry) };
  }
}

/** A leader whose agent's own stream has fallen silent, and through c2 it is heard and has said what runs there. */
function cutOff(): { leader: Bench; direct: AgentEnd } {
  const leader = new Bench("c1", 7);
  const direct = leader.agent();
  direct.hello(7, 0, ["a"]);
  direct.beat(1);
  leader.nowMs += 2_000;
  leader.relay({ beat: { sequence: 3 } });
  leader.relay(helloOf(7, leader.lastInquiryThrough?.inquiry ?? 0, ["a"]));
  return { leader, direct };
}

const start: StartEffect = {
  kind: "start",
  nodeId,
  taskId: "b",
  attempt: 1,
  namespace: "default",
  body: "{}",
  devices: {},
  leaseMs: 20_000,
};
const stop: StopEffect = { kind: "stop", nodeId, taskId: "a", attempt: 1, cause: "cancelled", reason: "asked to" };

test("a beat through a standby opens the way, and what runs there is asked for by it", () => {
  const { leader } = cutOff();
  expect(leader.heard).toContainEqual({ kind: "relayed", nodeId, through: "c2" });
  expect(leader.lastInquiryThrough?.through).toBe("c2");
  expect(leader.hellos).toEqual([["a"], ["a"]]);
});

test("orders, grants and receipts travel through the standby and answer the beat that it passed on", () => {
  const { leader, direct } = cutOff();
  const before = direct.told.length;
  const grant = { kind: "grant" as const, nodeId, attempts: [{ taskId: "b", attempt: 1 }], leaseMs: 20_000 };
  leader.sessions.release([start, stop, grant, { kind: "acknowledge", nodeId, taskId: "z", attempt: 1 }], 7);
  const messages = leader.toAgents.slice(-3).map(({ message }) => message);
  expect(messages).toMatchObject([
    { nodeId, instanceId, message: { leaseGrant: { epoch: 7, answersBeat: 3, instanceId, leaseMs: 20_000 } } },
    { message: { acknowledgements: { epoch: 7, attempts: [{ taskId: "z", attempt: 1 }] } } },
    { message: { orders: { epoch: 7, orders: [{ start: { answersBeat: 3, leaseMs: 20_000 } }, { stop: {} }] } } },
  ]);
  expect(direct.told, "nothing goes by the stream that brings no beats").toHaveLength(before);
});

test("an order that a Hello through the standby causes answers the beat that the Hello names", () => {
  const { leader } = cutOff();
  const { hello } = helloOf(7, 0, ["a"]);
  leader.relay({ hello: { ...hello, lastBeat: 9 } });
  leader.sessions.release([start], 7);
  expect(leader.toAgents.at(-1)?.message.message?.orders?.orders).toMatchObject([{ start: { answersBeat: 9 } }]);
});

test("beats through a standby say nothing while the agent's own stream brings them", () => {
  const leader = new Bench("c1", 7);
  const direct = leader.agent();
  direct.hello(7);
  direct.beat(1);
  leader.relay({ beat: { sequence: 1 } });
  expect(leader.heard.filter(({ kind }) => kind === "relayed")).toEqual([]);
  leader.sessions.release([stop], 7);
  expect(direct.told.at(-1)).toMatchObject({ orders: { orders: [{ stop: { taskId: "a" } }] } });
});

test("a Hello through a standby that answers nothing may be old: it is not taken, and asked for anew", () => {
  const leader = new Bench("c1", 7);
  const direct = leader.agent();
  direct.hello(7, 0, ["a"]);
  leader.nowMs += 2_000;
  leader.relay({ beat: { sequence: 3 } });
  leader.relay(helloOf(7, 0, []));
  expect(leader.hellos).toEqual([["a"]]);
  leader.nowMs += 1_000;
  leader.relay(helloOf(7, 0, []));
  leader.relay(helloOf(7, leader.lastInquiryThrough?.inquiry ?? 0, ["a"]));
  expect(leader.hellos).toEqual([["a"], ["a"]]);
});

test("an answer is void when a report came by the other way since it was asked for", () => {
  const leader = new Bench("c1", 7);
  const direct = leader.agent();
  direct.hello(7);
  leader.nowMs += 2_000;
  leader.relay({ beat: { sequence: 3 } });
  const inquiry = leader.lastInquiryThrough?.inquiry ?? 0;
  // Said after the Hello that is still on its way, and overtakes it.
  direct.say(running("a"));
  leader.nowMs += 2_000;
  leader.relay({ beat: { sequence: 5 } });
  leader.relay(helloOf(7, inquiry, []));
  expect(leader.hellos).toEqual([[]]);
  expect(leader.posted.at(-1), "the report itself is taken").toMatchObject({ kind: "reports" });
  expect(leader.lastInquiryThrough?.inquiry).toBeGreaterThan(inquiry);
});

test("heard again directly, the agent is asked on its own stream, and an old Hello in that stream is not taken", () => {
  const { leader, direct } = cutOff();
  leader.relay(running("b"));
  // Stuck on its way since before b was started.
  direct.hello(7, 0, ["a"]);
  expect(leader.hellos).toHaveLength(2);
  direct.beat(9);
  direct.hello(7, direct.inquiry, ["a", "b"]);
  expect(leader.hellos.at(-1)).toEqual(["a", "b"]);
  leader.sessions.release([stop], 7);
  expect(direct.told.at(-1)).toMatchObject({ orders: { orders: [{ stop: { taskId: "a" } }] } });
});

test("a new stream of an agent that was heard through a standby has to answer first, too", () => {
  const { leader } = cutOff();
  leader.relay(running("b"));
  const dialled = leader.agent();
  dialled.hello(7, 0, ["a"]);
  expect(leader.hellos).toHaveLength(2);
  dialled.hello(7, dialled.inquiry, ["a", "b"]);
  expect(leader.hellos.at(-1)).toEqual(["a", "b"]);
});

test("of what goes by a standby though the leader hears the agent ends are taken, and the agent is called back once", () => {
  const leader = new Bench("c1", 7);
  const direct = leader.agent();
  direct.hello(7);
  leader.relay(running("a"));
  leader.relay(ended("a", "SUCCEEDED"));
  expect(leader.reported).toEqual(["a succeeded"]);
  expect(direct.told.filter(({ leading }) => leading !== undefined)).toHaveLength(1);
});

test("what runs is not taken after the word that it is lost has come by the other way", () => {
  const { leader, direct } = cutOff();
  // Said to the leader, and stuck on its way until the agent was heard again.
  direct.say(ended("a", "LOST"));
  leader.relay(running("a"));
  expect(leader.reported).toEqual(["a lost"]);
  direct.hello(7, direct.inquiry, []);
  direct.say(running("b"));
  expect(leader.reported).toEqual(["a lost", "b running"]);
});

test("what runs is taken only from the first Hello of a leadership on", () => {
  const leader = new Bench("c1", 7);
  const direct = leader.agent();
  direct.hello(6);
  direct.say(running("a"));
  direct.say(ended("z", "FAILED"));
  expect(leader.reported).toEqual(["z failed"]);
  direct.hello(7, direct.inquiry, ["a"]);
  direct.say(running("a"));
  expect(leader.reported).toEqual(["z failed", "a running"]);
});

test("what an agent repeats to everybody calls nobody back", () => {
  const leader = new Bench("c1", 7);
  const direct = leader.agent();
  direct.hello(7);
  direct.say(running("a"));
  leader.relay(running("a"));
  expect(direct.told.filter(({ leading }) => leading !== undefined)).toEqual([]);
});

test("when the link breaks, the next beat opens the way anew and asks again", () => {
  const { leader } = cutOff();
  const before = leader.lastInquiryThrough?.inquiry ?? 0;
  leader.sessions.lostCoordinator("c2");
  leader.relay({ beat: { sequence: 4 } });
  expect(leader.lastInquiryThrough?.inquiry).toBeGreaterThan(before);
});

test("what could not be sent is made good for by asking again", () => {
  const { leader } = cutOff();
  const before = leader.lastInquiryThrough?.inquiry ?? 0;
  leader.linked = false;
  leader.sessions.release([stop], 7);
  leader.linked = true;
  leader.relay({ beat: { sequence: 4 } });
  expect(leader.lastInquiryThrough?.inquiry).toBeGreaterThan(before);
});

test("a coordinator that hears the agent and that we cannot reach gives way to one that we can", () => {
  const { leader } = cutOff();
  leader.unreachable = "c2";
  leader.sessions.release([stop], 7);
  leader.relay({ beat: { sequence: 4 } });
  leader.relay({ beat: { sequence: 4 } }, "c3");
  leader.relay({ beat: { sequence: 5 } });
  leader.sessions.release([stop], 7);
  expect(leader.toAgents.at(-1)?.through).toBe("c3");
});

test("an inquiry that is not answered is repeated", () => {
  const leader = new Bench("c1", 7);
  leader.relay({ beat: { sequence: 3 } });
  const first = leader.lastInquiryThrough?.inquiry ?? 0;
  leader.relay({ beat: { sequence: 4 } });
  expect(leader.lastInquiryThrough?.inquiry).toBe(first);
  leader.nowMs += 2_000;
  leader.relay({ beat: { sequence: 5 } });
  expect(leader.lastInquiryThrough?.inquiry).toBeGreaterThan(first);
});

test("of two standbys one serves, and the other when the first falls silent", () => {
  const { leader } = cutOff();
  leader.relay({ beat: { sequence: 3 } }, "c3");
  leader.sessions.release([stop], 7);
  expect(leader.toAgents.at(-1)?.through).toBe("c2");
  leader.nowMs += 1_500;
  leader.relay({ beat: { sequence: 5 } }, "c3");
  leader.sessions.release([stop], 7);
  expect(leader.toAgents.at(-1)?.through).toBe("c3");
});

test("a new leadership begins without the ways and answers of the one before", () => {
  const { leader, direct } = cutOff();
  const inquiry = leader.lastInquiryThrough?.inquiry ?? 0;
  leader.epoch = 8;
  leader.sessions.release([{ kind: "announce" }], 8);
  expect(direct.told.at(-1)).toMatchObject({ leading: { epoch: 8 } });
  leader.relay({ beat: { sequence: 6 } });
  leader.relay(helloOf(7, inquiry, []));
  leader.relay(helloOf(7, leader.lastInquiryThrough?.inquiry ?? 0, []));
  expect(leader.hellos, "nothing that was said before the agent met epoch 8").toHaveLength(2);
  leader.relay(helloOf(8, leader.lastInquiryThrough?.inquiry ?? 0, ["a"]));
  expect(leader.hellos).toHaveLength(3);
});

test("a higher epoch that an agent has met is heard of through a standby, too", () => {
  const { leader } = cutOff();
  leader.relay(helloOf(9, 0, []));
  leader.relay({ epochRefused: { refusedEpoch: 7, highestEpoch: 10 } });
  expect(leader.met).toEqual(expect.arrayContaining([9, 10]));
});

test.each<[string, FromAgent]>([
  ["no sender", { message: { beat: { sequence: 1 } } }],
  ["a bad name", { nodeId: "no spaces", instanceId, message: { beat: { sequence: 1 } } }],
  ["another's Hello", { nodeId: "node-2", instanceId, message: helloOf(7, 0, []) }],
  ["a report of nothing", { nodeId, instanceId, message: { reports: { reports: [{}] } } }],
  ["an epoch that nobody can have led with", { nodeId, instanceId, message: helloOf(2 ** 53, 0, []) }],
])("%s, passed on, is told and not taken", (_, { message, ...sender }) => {
  const leader = new Bench("c1", 7);
  leader.sessions.takeRelayed("c2", { ...sender, message: said(message ?? {}) });
  leader.sessions.takeRelayed("c2", sender);
  expect(leader.posted).toEqual([]);
  expect(leader.warnings.length).toBeGreaterThan(0);
});

test("output is to be asked for at the coordinator that hears the agent", () => {
  const { leader, direct } = cutOff();
  const wish = { taskId: "a", attempt: 1, follow: false, tailBytes: 0 };
  const never = new AbortController().signal;
  expect(leader.sessions.output(nodeId, wish, never)).toBe(null);
  direct.beat(9);
  expect(leader.sessions.output(nodeId, wish, never)).not.toBe(null);
});

test("a Hello is a sign of life, on the agent's own stream and through a standby", () => {
  const { leader, direct } = cutOff();
  leader.heard.length = 0;
  leader.relay(helloOf(7, 0, []));
  direct.hello(7);
  expect(leader.heard).toEqual([
    { kind: "relayed", nodeId, through: "c2" },
    { kind: "beat", nodeId, sequence: 1 },
  ]);
});

test("a standby passes on what is missed, and reports always", () => {
  const standby = new Bench("c2", 0);
  standby.leaderId = "c1";
  const agent = standby.agent();
  agent.hello(7);
  agent.beat(1);
  agent.say(running("a"));
  expect(standby.fromAgents.map(({ message }) => message?.content)).toEqual(["reports"]);
  standby.missed = true;
  agent.beat(2);
  agent.hello(7, 5);
  agent.say({ farewell: { returning: true } });
  agent.say({ metrics: { cpuUsed: 0.5 } });
  expect(standby.fromAgents.map(({ message }) => message?.content)).toEqual(["reports", "beat", "hello", "farewell"]);
  expect(standby.fromAgents.at(-1)).toMatchObject({ nodeId, instanceId });
});

test("a standby does not pass on what the leader could not take", () => {
  const standby = new Bench("c2", 0);
  standby.leaderId = "c1";
  const agent = standby.agent();
  agent.hello(7);
  agent.say({ reports: { reports: [{ taskId: "a", attempt: 0, state: "ATTEMPT_STATE_RUNNING" }] } });
  expect(agent.refusal).toMatchObject({ code: "invalidArgument" });
  expect(standby.fromAgents).toEqual([]);
});

test("a standby carries the leader's word to the agent process that it is for, and nothing that is the stream's own", () => {
  const standby = new Bench("c2", 0);
  const agent = standby.agent();
  agent.hello(7);
  const before = agent.told.length;
  standby.sessions.carry({ nodeId, instanceId: "another", message: told({ leading: { epoch: 7 } }) });
  standby.sessions.carry({ nodeId: "node-2", instanceId, message: told({ leading: { epoch: 7 } }) });
  standby.sessions.carry({ nodeId, instanceId, message: told({ welcome: { leadingEpoch: 7 } }) });
  standby.sessions.carry({ nodeId, instanceId });
  expect(agent.told).toHaveLength(before);
  standby.sessions.carry({ nodeId, instanceId, message: told({ orders: { epoch: 7, orders: [{ stop: {} }] } }) });
  expect(agent.told.at(-1)).toMatchObject({ orders: { epoch: 7 } });
});

test("a standby that has become the leader passes on and carries nothing any more", () => {
  const standby = new Bench("c2", 0);
  standby.leaderId = "c1";
  standby.missed = true;
  const agent = standby.agent();
  agent.hello(7);
  agent.beat(1);
  const passedOn = standby.fromAgents.length;
  standby.epoch = 8;
  standby.sessions.release([{ kind: "announce" }], 8);
  const before = agent.told.length;
  standby.sessions.carry({ nodeId, instanceId, message: told({ orders: { epoch: 7, orders: [{ stop: {} }] } }) });
  agent.beat(2);
  expect(agent.told).toHaveLength(before);
  expect(standby.fromAgents).toHaveLength(passedOn);
  agent.hello(8, agent.inquiry, ["a"]);
  expect(standby.hellos).toEqual([["a"]]);
});

test.each<[string, AgentMessage]>([
  ["Hellos", helloOf(7, 0, [])],
  ["reports", running("a")],
  ["messages", { beat: { sequence: 1 } }],
])("a flood of %s ends its session with a clear word", (_, message) => {
  const leader = new Bench("c1", 7);
  const agent = leader.agent();
  agent.hello(7);
  for (let count = 0; count < 60_000 && agent.refusal === null; count += 1) agent.say(message);
  expect(agent.refusal).toMatchObject({ code: "resourceExhausted", message: expect.stringContaining("more") });
  expect(leader.sessions.size).toBe(0);
});
