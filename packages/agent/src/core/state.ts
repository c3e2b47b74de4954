/** What the agent's core knows. Changed in place by `decide` alone. */
import type { Attempt } from "./attempt.ts";
import { defaultSettings, type Settings } from "./settings.ts";

export interface Link {
  /** Steady clock: when the first Hello on this link was sent. */
  helloAtMs: number;
}

export interface AgentState {
  /** Of this agent process, new at each start. */
  readonly instanceId: string;
  readonly settings: Settings;
  /** On disk as well; nothing of a lower one is obeyed. */
  highestEpoch: number;
  /** The coordinator that showed the highest epoch last; null: none has since this process started. */
  leader: string | null;
  readonly links: Map<string, Link>;
  /** All that run, and every end that is not acknowledged. */
  readonly attempts: Map<string, Attempt>;
  lastBeat: number;
  /** When the last beats were sent (steady clock), oldest first. */
  readonly beatsAtMs: Map<number, number>;
  /** Nothing new is started. */
  leaving: boolean;
}

export function initialState(instanceId: string, settings: Settings = defaultSettings): AgentState {
  return {
    instanceId,
    settings,
    highestEpoch: 0,
    leader: null,
    links: new Map(),
    attempts: new Map(),
    lastBeat: 0,
    beatsAtMs: new Map(),
    leaving: false,
  };
}
