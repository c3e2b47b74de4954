/** What network interfaces have carried, from /proc/net/dev. */

/** Counters since the interface came up. */
export interface InterfaceTraffic {
  readonly name: string;
  readonly receivedBytes: number;
  readonly sentBytes: number;
  /** Received and sent together. */
  readonly errors: number;
  readonly drops: number;
}

/**
 * The loopback, and what carries the same bytes a second time: the ends of container links, bridges, tunnels,
 * intermediate queues. What remains is physical links, bonds, VLANs, and `eth0` inside a container.
 */
const skippedNames =
  /^(lo$|veth|docker|br-|virbr|vnet|cni|cali|cilium|lxc|flannel|kube|nodelocaldns|dummy|ifb|tun|tap|sit|gre|erspan|ip6|ip_vti|podman|nerdctl)/;

export function parseInterfaceTraffic(text: string): InterfaceTraffic[] {
  const interfaces: InterfaceTraffic[] = [];
  for (const line of text.split("\n")) {
    // A name may itself contain a colon, and old kernels leave no space after the one that ends it.
    const colon = line.lastIndexOf(":");
    const name = line.slice(0, Math.max(0, colon)).trim();
    if (name === "" || skippedNames.test(name)) continue;
    const counters = line
      .slice(colon + 1)
      .trim()
      .split(/\s+/)
      .map(Number);
    const traffic = trafficOf(name, counters);
    if (traffic !== undefined) interfaces.push(traffic);
  }
  return interfaces;
}

function trafficOf(name: string, counters: readonly number[]): InterfaceTraffic | undefined {
  const [receivedBytes, , receiveErrors, receiveDrops, , , , , sentBytes, , sendErrors, sendDrops] = counters;
  if (receivedBytes === undefined || receiveErrors === undefined || receiveDrops === undefined) return undefined;
  if (sentBytes === undefined || sendErrors === undefined || sendDrops === undefined) return undefined;
  const traffic = {
    name,
    receivedBytes,
    sentBytes,
    errors: receiveErrors + sendErrors,
    drops: receiveDrops + sendDrops,
  };
  return Number.isFinite(receivedBytes + sentBytes + traffic.errors + traffic.drops) ? traffic : undefined;
}
