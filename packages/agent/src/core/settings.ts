/** What the core goes by besides its events. Times in milliseconds. */
export interface Settings {
  /** An end that is not acknowledged is told again after so long. */
  readonly repeatAfterMs: number;
  /** So long after its grace an attempt that still stops is killed by force, and again each time. */
  readonly stopOverdueMs: number;
  /** Orders that answer an older beat than the last so many are void. */
  readonly beatsRemembered: number;
}

export const defaultSettings: Settings = Object.freeze({
  repeatAfterMs: 3_000,
  stopOverdueMs: 5_000,
  beatsRemembered: 1_000,
});
