/** Ports of loopback that nobody listens on. */
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import { UsageError } from "../usage-error.ts";

/** Below the range from which systems give outgoing connections their ports, so that one stays free for a restart. */
const quietRange = { from: 12_000, to: 30_000 };
const searched = 500;

/**
 * @param first where to begin; 0: somewhere at random, for clusters that come and go side by side
 * @throws UsageError when there are not so many within 500 ports
 */
export async function freePorts(first: number, count: number): Promise<number[]> {
  const from = first === 0 ? randomInt(quietRange.from, quietRange.to) : first;
  const found: number[] = [];
  for (let port = from; port < Math.min(from + searched, 65_536); port += 1) {
    if (found.length === count) return found;
    if (await isFree(port)) found.push(port);
  }
  if (found.length === count) return found;
  throw new UsageError(`from port ${from} on, ${searched} ports have no ${count} free ones; choose another --port`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen({ host: "127.0.0.1", port, exclusive: true });
    await once(server, "listening");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE" || code === "EACCES") return false;
    throw error;
  }
  server.close();
  await once(server, "close");
  return true;
}
