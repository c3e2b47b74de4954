import { expect, test } from "vitest";
import { hear, Observation, silentNodes } from "./observation.ts";
import type { NodeRecord } from "./record.ts";
import { defaultSettings } from "./settings.ts";

const at = (steadyMs: number) => ({ wallMs: 0, steadyMs });
const nodes = [{ id: "a", nodeClass: "default" } as NodeRecord];

/** Turns every 100 ms from `fromMs` on. */
function turns(observation: Observation, fromMs: number, untilMs: number): void {
  for (let ms = fromMs; ms <= untilMs; ms += 100) hear(observation, { kind: "turned" }, at(ms));
}

test("peers are told of nodes that are silent, and for how long", () => {
  const observation = new Observation(500, at(0));
  hear(observation, { kind: "joined", nodeId: "a", instanceId: "i" }, at(1_000));
  turns(observation, 0, 3_000);
  expect(silentNodes(observation, nodes, defaultSettings, at(2_000)).silentNodeIds).toEqual([]);
  const told = silentNodes(observation, nodes, defaultSettings, at(3_000));
  expect(told).toEqual({ silentNodeIds: ["a"], silentForMs: [2_000] });
});

test("a node that was never heard has been silent since the start", () => {
  const observation = new Observation(500, at(10_000));
  turns(observation, 10_000, 13_000);
  expect(silentNodes(observation, nodes, defaultSettings, at(13_000)).silentForMs).toEqual([3_000]);
});

test("after a stall of its own a coordinator has heard what it could not read, until it has caught up", () => {
  const observation = new Observation(500, at(0));
  hear(observation, { kind: "joined", nodeId: "a", instanceId: "i" }, at(1_000));
  turns(observation, 0, 1_000);
  turns(observation, 6_000, 7_000);
  expect(silentNodes(observation, nodes, defaultSettings, at(6_100)).silentForMs).toEqual([100]);
  expect(silentNodes(observation, nodes, defaultSettings, at(7_000)).silentForMs).toEqual([6_000]);
});
