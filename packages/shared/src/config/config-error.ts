/**
 * What is wrong with a configuration: every mistake at once, each with its place, its setting and a remedy.
 */

export interface ConfigMistake {
  /** `coordinator.yaml:4:13`, or the environment variable or flag that it came with. */
  readonly place: string;
  /** Dotted path of the setting; "" for the file as a whole. */
  readonly setting: string;
  /** What is wrong, and what to do. */
  readonly message: string;
}

/** Told to the person who started the process; the command line exits with 2. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly mistakes: readonly ConfigMistake[];

  constructor(mistakes: readonly ConfigMistake[]) {
    super(describe(mistakes));
    this.mistakes = mistakes;
  }
}

function describe(mistakes: readonly ConfigMistake[]): string {
  const width = Math.max(...mistakes.map((mistake) => mistake.place.length));
  const count = mistakes.length === 1 ? "one mistake" : `${mistakes.length} mistakes`;
  const lines = mistakes.map(({ place, setting, message }) => {
    return `  ${place.padEnd(width)}  ${setting === "" ? "" : `${setting}: `}${message}`;
  });
  return [`the configuration has ${count}:`, ...lines].join("\n");
}
