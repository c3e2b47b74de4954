import { expect, test } from "vitest";
import { committedView } from "./committed-view.ts";
import { hear } from "./core/observation.ts";
import { defaultSettings } from "./core/settings.ts";
import { World } from "./core/testing/world.ts";

function stateOf(world: World, nodeId: string): string {
  const { state, observation } = world;
  const replica = { state, history: "log", position: { epoch: 1, sequence: 1 }, asOfMs: 0 };
  const now = { wallMs: 0, steadyMs: world.nowMs };
  const hears = { isLeading: false, metricsOf: () => null, checksOf: () => [] };
  return committedView({ replica, observation, settings: defaultSettings, now, ...hears }).nodeStatus(nodeId).state;
}

test("a node that was cut off while this coordinator led is ready as soon as it hears it, also when it leads no more", () => {
  const world = new World();
  world.join("a");
  world.silence("a");
  world.peer("other", { silentNodeIds: [], steadyForMs: 60_000 });
  world.pass(1_500);
  world.peer("other", { silentNodeIds: [], steadyForMs: 60_000 });
  world.pass(2_000);
  expect(stateOf(world, "a")).toBe("cutOff");
  // And no tick after that: only a leader has any.
  hear(world.observation, { kind: "beat", nodeId: "a", sequence: 1 }, { wallMs: 0, steadyMs: world.nowMs });
  expect(stateOf(world, "a")).toBe("ready");
});
