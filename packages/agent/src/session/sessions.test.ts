import { ChannelCredentials } from "@grpc/grpc-js";
import { systemClock } from "@holdfast/shared/clock.ts";
import { createLog } from "@holdfast/shared/log.ts";
import { afterEach, expect, test } from "vitest";
import type { CheckState, Checks } from "../checks/check-states.ts";
import type { AgentEvent } from "../core/event.ts";
import { dialOverGrpc } from "./dial.ts";
import { PlayedCoordinator } from "./played-coordinator.ts";
import { defaultSessionSettings, type SessionSettings } from "./session.ts";
import { Sessions } from "./sessions.ts";

const cleanUp: (() => unknown)[] = [];

afterEach(async () => {
  for (const action of cleanUp.splice(0).reverse()) await action();
});

async function play(id: string, epoch: number): Promise<PlayedCoordinator> {
  const coordinator = await PlayedCoordinator.start(id, epoch);
  cleanUp.push(() => coordinator.kill());
  return coordinator;
}

/** Sessions whose core only says Hello and beats. */
function connect(
  coordinators: readonly PlayedCoordinator[],
  settings: Partial<SessionSettings> = {},
  checks: Checks = { latest: () => [], listen: () => {} },
) {
  const events: AgentEvent[] = [];
  let sequence = 0;
  const sessions = new Sessions({
    addresses: coordinators.map(({ address }) => address),
    clock: systemClock,
    random: Math.random,
    dial: dialOverGrpc(ChannelCredentials.createInsecure()),
    node: { nodeId: "node-1", bootId: "boot-1", instanceId: "instance-1" },
    tailOf: () => Buffer.alloc(0),
    readOutput: async function* endless() {
      for (;;) yield [{ data: Buffer.alloc(64 * 1024) }];
    },
    measure: async () => ({ measuredAtMs: Date.now() }),
    checks,
    emit: (event) => {
      events.push(event);
      if (event.kind === "linkUp") {
        sessions.send(event.coordinator, {
          kind: "hello",
          highestEpoch: 0,
          answersInquiry: 0,
          lastBeat: 0,
          attempts: [],
        });
      }
      if (event.kind === "beatDue") {
        sequence += 1;
        sessions.send("all", { kind: "beat", sequence });
      }
    },
    log: createLog({ name: "test", level: "silent" }),
    settings: { ...defaultSessionSettings, ...settings },
  });
  cleanUp.push(() => sessions.close(500));
  sessions.start();
  return { events, sessions };
}

const beats = (coordinator: PlayedCoordinator) => coordinator.heard.flatMap(({ beat }) => beat?.sequence ?? []);

test("says Hello first, and the same beats to every coordinator", async () => {
  const [one, two] = [await play("one", 5), await play("two", 0)];
  const { events } = connect([one, two]);
  for (const coordinator of [one, two]) {
    await coordinator.until("three beats", () => beats(coordinator).length >= 3);
    expect(coordinator.heard[0]?.content).toBe("hello");
  }
  await one.until("a beat that both have heard", () => beats(one).some((beat) => beats(two).includes(beat)));
  expect(events).toContainEqual({ kind: "welcome", coordinator: one.address, leadingEpoch: 5 });
  expect(events).toContainEqual({ kind: "welcome", coordinator: two.address, leadingEpoch: 0 });
});

test("tells its checks after each Hello, and to all when they change", async () => {
  const [one, two] = [await play("one", 5), await play("two", 0)];
  const state: CheckState = {
    name: "custom.raid",
    health: "healthy",
    reason: "",
    suggestedAction: "",
    sinceMs: 1_000,
    checkedAtMs: 2_000,
  };
  let states = [state];
  let tell = () => {};
  const listen = (told: () => void) => {
    tell = told;
  };
  connect([one, two], {}, { latest: () => states, listen });
  const told = (coordinator: PlayedCoordinator) => coordinator.heard.flatMap(({ checks }) => checks?.checks ?? []);
  for (const coordinator of [one, two]) {
    await coordinator.until("the checks", () => told(coordinator).length === 1);
    expect(told(coordinator)[0]).toMatchObject({ name: "custom.raid", health: "HEALTH_HEALTHY", sinceMs: 1_000 });
  }
  states = [{ ...state, health: "unhealthy", reason: "x".repeat(5_000) }];
  tell();
  for (const coordinator of [one, two]) {
    await coordinator.until("the change", () => told(coordinator).length === 2);
    expect(told(coordinator)[1]).toMatchObject({ health: "HEALTH_UNHEALTHY", reason: "x".repeat(1_024) });
  }
});

test("dials again when a coordinator has died and come back", async () => {
  const coordinator = await play("one", 5);
  const { events } = connect([coordinator]);
  await coordinator.until("a beat", () => beats(coordinator).length > 0);
  const { address } = coordinator;
  coordinator.kill();
  await coordinator.listen(address);
  await coordinator.until("a second Hello", () => coordinator.hellos.length === 2);
  expect(events.filter(({ kind }) => kind === "linkDown")).toHaveLength(1);
});

test("takes a stream for broken that brings nothing", async () => {
  const coordinator = await play("one", 5);
  coordinator.metricsIntervalMs = 100;
  connect([coordinator], { welcomeTimeoutMs: 200 });
  await coordinator.until("a beat", () => beats(coordinator).length > 0);
  coordinator.answers = false;
  // First no echo, then no Welcome either.
  await coordinator.until("two more connections", () => coordinator.connections >= 3);
});

test("drops a coordinator that does not read, and lets beats pass readers that do not", async () => {
  const coordinator = await play("one", 5);
  connect([coordinator], { blockedTimeoutMs: 200 });
  await coordinator.until("a beat", () => beats(coordinator).length > 0);
  for (let requestNumber = 1; requestNumber <= 3; requestNumber++) {
    coordinator.send({ outputRequest: { requestNumber, taskId: "t1", attempt: 1, follow: true } });
  }
  const before = beats(coordinator).length;
  await coordinator.until("beats between output", () => beats(coordinator).length >= before + 5);
  coordinator.stopReading();
  await coordinator.until("a new connection", () => coordinator.connections >= 2);
});
