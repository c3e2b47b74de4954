/** Colours by meaning, and none where the output is not a person's terminal. */
import pc from "picocolors";

export type Colours = ReturnType<typeof pc.createColors>;

/** What https://no-color.org asks for: any non-empty NO_COLOR means none. */
export function coloursFor(stream: { readonly isTTY?: boolean }, environment: NodeJS.ProcessEnv): Colours {
  const wanted = stream.isTTY === true && !environment["NO_COLOR"] && environment["TERM"] !== "dumb";
  return pc.createColors(wanted);
}
