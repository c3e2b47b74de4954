/** Coordinators' addresses as people write them: `host:port`, `[v6]:port`, several in one text with commas. */
import { isIPv6 } from "node:net";
import { HoldfastError } from "../errors.ts";

export const defaultPort = 7400;

/**
 * Splits, checks and completes addresses; a missing port is 7400.
 *
 * @param source where they were written ("--address"), named in the error
 * @throws HoldfastError invalidArgument
 */
export function parseAddresses(texts: readonly string[], source: string): string[] {
  const addresses = texts
    .flatMap((text) => text.split(","))
    .map((text) => text.trim())
    .filter((text) => text !== "")
    .map((text) => completeAddress(text, source));
  if (addresses.length === 0)
    throw new HoldfastError("invalidArgument", `${source}: no address given; write host:port, several with commas`);
  return [...new Set(addresses)];
}

function completeAddress(text: string, source: string): string {
  if (isIPv6(text)) return `[${text}]:${defaultPort}`;
  const match = /^(\[[0-9A-Fa-f:.]+\]|[^\s:/[\]]+)(?::(\d{1,5}))?$/.exec(text);
  const port = match?.[2] === undefined ? defaultPort : Number(match[2]);
  if (match === null || port < 1 || port > 65_535)
    throw new HoldfastError(
      "invalidArgument",
      `${source}: "${text}" is not an address; write host:port such as 127.0.0.1:${defaultPort}`,
    );
  return `${match[1]}:${port}`;
}
