/**
 * A stream to a coordinator, as a session needs it. gRPC's are made into these by `dial.ts`; a simulated network has its own.
 * Messages arrive in the order in which they were written, or not at all.
 */
import type { AgentMessage } from "@holdfast/shared/contract/generated/holdfast/v1/AgentMessage.ts";
import type { CoordinatorMessage__Output } from "@holdfast/shared/contract/generated/holdfast/v1/CoordinatorMessage.ts";

/** What happens to a stream. Nothing of it is called from within `listen` or `write`; `ended` may be from within `close`. */
export interface StreamListener {
  /** The coordinator was reached: what is written from now on is on its way. Called at most once. */
  opened(): void;
  received(message: CoordinatorMessage__Output): void;
  /** It takes more again, after `write` has said that it is full. */
  drained(): void;
  /** It is over, however that came; nothing comes after it. @param reason for a person */
  ended(reason: string): void;
}

export interface CoordinatorStream {
  /** Called once, right after the dial. */
  listen(listener: StreamListener): void;
  /**
   * Only once it is open.
   * @returns false when the coordinator reads too slowly: this message was taken, the next should wait for `drained`
   */
  write(message: AgentMessage): boolean;
  /** Nothing more will be written; `ended` follows when the coordinator has taken everything and ended its half. */
  end(): void;
  /** Drops it at once, also while it is being dialled. Harmless when it is over. */
  close(): void;
}

/**
 * Begins to dial a coordinator (host:port). It tries until it is closed, or ends when it can tell that this is in vain: how
 * long that may take is the session's to decide.
 */
export type Dial = (address: string) => CoordinatorStream;
