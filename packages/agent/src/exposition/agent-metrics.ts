/**
 * What an agent exposes of itself. Values of labels come from its own configuration (node, coordinators, checks) and from sets of
 * our own (phases, sensors, states): nothing that a coordinator or a task says is one.
 */
import type { Exposition } from "@holdfast/shared/exposition/exposition.ts";
import type { Checks } from "../checks/check-states.ts";
import type { Phase } from "../core/attempt.ts";
import type { AgentState } from "../core/state.ts";
import type { SessionView } from "../session/sessions.ts";

/** An agent, as it may be looked at. */
export interface AgentSight {
  readonly state: Pick<AgentState, "attempts" | "highestEpoch">;
  readonly sessions: readonly SessionView[];
}

export interface AgentParts {
  readonly nodeId: string;
  readonly nodeClass: string;
  readonly agent: AgentSight;
  readonly sensorsOff: ReadonlySet<string>;
  readonly checks: Pick<Checks, "latest">;
}

const phases: readonly Phase["kind"][] = ["burying", "starting", "running", "stopping", "sweeping", "ended"];

export function exposeAgent(exposition: Exposition, parts: AgentParts): void {
  const { nodeId, nodeClass, agent, sensorsOff, checks } = parts;
  exposition.gauges(
    {
      name: "holdfast_agent_info",
      help: "Always 1; its labels tell which node this agent is of.",
      labels: ["node", "node_class"],
    },
    () => [{ labels: { node: nodeId, node_class: nodeClass }, value: 1 }],
  );
  exposition.gauge(
    { name: "holdfast_agent_epoch", help: "The highest epoch that this agent has met; nothing lower is obeyed." },
    () => agent.state.highestEpoch,
  );
  exposition.gauges(
    {
      name: "holdfast_agent_session_up",
      help: "Whether the session with that coordinator of the configuration stands: 1 or 0.",
      labels: ["coordinator"],
    },
    () => agent.sessions.map(({ address, isWelcomed }) => reading({ coordinator: address }, isWelcomed ? 1 : 0)),
  );
  exposition.gauges(
    {
      name: "holdfast_agent_session_round_trip_seconds",
      help: "From sending the last metrics to that coordinator to its echo.",
      labels: ["coordinator"],
    },
    () =>
      agent.sessions
        .filter(({ roundTripMs }) => roundTripMs >= 0)
        .map(({ address, roundTripMs }) => reading({ coordinator: address }, roundTripMs / 1_000)),
  );
  exposition.gauges(
    {
      name: "holdfast_agent_attempts",
      help: "Attempts on this node by phase; those that have ended wait for the leader to acknowledge it.",
      labels: ["phase"],
    },
    () => {
      const counts = new Map<Phase["kind"], number>();
      for (const { phase } of agent.state.attempts.values()) counts.set(phase.kind, (counts.get(phase.kind) ?? 0) + 1);
      return phases.map((phase) => reading({ phase }, counts.get(phase) ?? 0));
    },
  );
  exposition.gauges(
    {
      name: "holdfast_agent_sensor_off",
      help: "1 for each sensor that has switched itself off because it failed or took too long; others are not shown.",
      labels: ["sensor"],
    },
    () => [...sensorsOff].map((sensor) => reading({ sensor }, 1)),
  );
  exposition.gauges(
    {
      name: "holdfast_node_check_state",
      help: "1 for the state that each check of the node is in: healthy, degraded, unhealthy or unknown; others are not shown.",
      labels: ["check", "state"],
    },
    () => checks.latest().map(({ name, health }) => reading({ check: name, state: health }, 1)),
  );
}

function reading<Label extends string>(labels: Readonly<Record<Label, string>>, value: number) {
  return { labels, value };
}
