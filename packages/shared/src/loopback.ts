/** Addresses of this machine alone: what listens there needs no transport security. */
import { isIP } from "node:net";

/** True for addresses that only this machine can reach. A name other than `localhost` counts as reachable from outside. */
export function isLoopback(host: string): boolean {
  const bare = host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host;
  if (bare.toLowerCase() === "localhost") return true;
  const family = isIP(bare);
  if (family === 4) return bare.startsWith("127.");
  if (family === 6) return /^(::1|0*(:0*){6}:0*1|::ffff:127\.\d+\.\d+\.\d+)$/i.test(bare);
  return false;
}
