/**
 * Hosts with addresses of their own on one switch, as network namespaces of this machine, and what can go wrong between
 * them. This process is the tester, at 10.99.N.1, and reaches all of them whatever is wrong.
 *
 *   hf3-switch   the bridge `switch`, with a port for each host
 *   hf3-node-1   10.99.3.12, `eth0` …
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Claim } from "./claim.ts";
import { run } from "./command.ts";
import { requireLab } from "./requirements.ts";
import { dropTable, type Flow, meterTable, packetsHit, packetsPassed, resetTable } from "./rules.ts";

export interface HostPlace {
  readonly name: string;
  readonly address: string;
  /** Of `ip netns`. */
  readonly namespace: string;
}

/** Something that is wrong until it is healed. */
export interface NetworkFault {
  /** How many packets it has hit so far, or had when it was healed. Of a delay: 0. */
  hits(): Promise<number>;
  heal(): Promise<void>;
}

/** Counts what passes between hosts. */
export interface Meter {
  /** That brought something and were not dropped, since the meter was made, in the order of its pairs. */
  packets(): Promise<number[]>;
}

/** Where what passes is no proof of having been heard, at present or just now. */
interface Unreliable {
  readonly flows: readonly Flow[];
  /** Null: still. */
  endedMs: number | null;
}

/** How long after it has healed a link may still owe what it lost. */
const recoveryMs = 5_000;
const bridge = "switch";
const firstHostNumber = 11;
const relayScript = fileURLToPath(new URL("relay.py", import.meta.url));

export class Network implements AsyncDisposable {
  /** Of this process. */
  readonly testerAddress: string;
  readonly hosts: readonly HostPlace[];
  readonly #claim: Claim;
  readonly #unreliable = new Set<Unreliable>();
  #keepFolder = false;
  #names = 0;

  private constructor(claim: Claim, hosts: readonly HostPlace[]) {
    this.#claim = claim;
    this.testerAddress = `10.99.${claim.number}.1`;
    this.hosts = hosts;
  }

  /**
   * @param names of the hosts
   * @param folder is removed with the network, also when this process dies
   * @throws Error when this is not root or a tool is missing
   */
  static async up(names: readonly string[], folder: string): Promise<Network> {
    requireLab();
    const claim = await Claim.make(folder);
    const hosts = names.map((name, index) => ({
      name,
      address: `10.99.${claim.number}.${firstHostNumber + index}`,
      namespace: claim.prefix + name,
    }));
    const network = new Network(claim, hosts);
    try {
      await network.#build();
    } catch (error) {
      await claim.release(false);
      throw error;
    }
    return network;
  }

  host(name: string): HostPlace {
    const found = this.hosts.find((host) => host.name === name);
    if (found === undefined) throw new Error(`there is no host ${name}`);
    return found;
  }

  /** What was written to the folder stays when the network goes. */
  keepFolder(): void {
    this.#keepFolder = true;
  }

  /** Kills all processes of all hosts, and removes the hosts. */
  async down(): Promise<void> {
    await this.#claim.release(this.#keepFolder);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.down();
  }

  /** Drops so many of a hundred packets of these flows. */
  async drop(flows: readonly Flow[], percent = 100): Promise<NetworkFault> {
    const name = this.#nextName("fault");
    const fault = await this.#table(this.#switch, "bridge", name, dropTable(name, flows, percent));
    // Who gets no acknowledgements sends the same again: that it passes is no news, either.
    const unanswered = flows.map(({ from, to }) => ({ from: to, to: from }));
    return this.#remember(fault, percent < 100 ? [...flows, ...unanswered] : unanswered);
  }

  /** Until it is healed, whatever these send to the host over TCP is answered by "no such connection". */
  async reset(from: readonly HostPlace[], to: HostPlace): Promise<NetworkFault> {
    const name = this.#nextName("fault");
    const flows = [flow(from, [to])];
    const fault = await this.#table(to.namespace, "inet", name, resetTable(name, flows[0]?.from ?? []));
    return this.#remember(fault, flows);
  }

  async meter(pairs: readonly { readonly from: HostPlace; readonly to: HostPlace }[]): Promise<Meter> {
    const name = this.#nextName("meter");
    const addresses = pairs.map(({ from, to }) => ({ from: from.address, to: to.address }));
    await this.#nft(this.#switch, ["-f", "-"], meterTable(name, addresses));
    const packets = async () => {
      return packetsPassed(await this.#nft(this.#switch, ["--json", "list", "counters", "table", "bridge", name]));
    };
    return { packets };
  }

  /** What passes from one to the other may be no news: packets are lost or refused one by one, or not acknowledged. */
  isUnreliable(from: HostPlace, to: HostPlace): boolean {
    const now = performance.now();
    for (const past of this.#unreliable) {
      if (past.endedMs !== null && now - past.endedMs > recoveryMs) this.#unreliable.delete(past);
    }
    return [...this.#unreliable].some(({ flows }) => {
      return flows.some((one) => one.from.includes(from.address) && one.to.includes(to.address));
    });
  }

  /** Everything from and to the host takes so much longer, each way, give or take the jitter. */
  async delay(host: HostPlace, delayMs: number, jitterMs: number): Promise<NetworkFault> {
    const port = this.#portOf(host);
    const [near, far] = [`${port}n`, `${port}f`];
    const ip = (...args: string[]) => run("ip", ["-n", this.#switch, ...args]);
    await ip("link", "add", near, "type", "veth", "peer", "name", far);
    await ip("link", "set", near, "up");
    await ip("link", "set", port, "nomaster");
    await ip("link", "set", far, "master", bridge, "up");
    const relay = spawn(
      "nsenter",
      [`--net=/run/netns/${this.#switch}`, "python3", relayScript, port, near, String(delayMs), String(jitterMs)],
      { stdio: ["pipe", "pipe", "inherit"], detached: true },
    );
    await isReady(relay, `the relay of ${host.name}`);
    const heal = async () => {
      const exited = once(relay, "exit");
      relay.stdin?.end();
      await exited;
      await ip("link", "del", near);
      await ip("link", "set", port, "master", bridge);
    };
    return { hits: async () => 0, heal: onlyOnce(heal) };
  }

  async #table(namespace: string, family: string, name: string, rules: string): Promise<NetworkFault> {
    await this.#nft(namespace, ["-f", "-"], rules);
    let healed: number | null = null;
    const hits = async () => {
      return healed ?? packetsHit(await this.#nft(namespace, ["--json", "list", "table", family, name]));
    };
    const heal = async () => {
      healed = await hits();
      await this.#nft(namespace, ["delete", "table", family, name]);
    };
    return { hits, heal: onlyOnce(heal) };
  }

  #remember({ hits, heal }: NetworkFault, flows: readonly Flow[]): NetworkFault {
    const unreliable: Unreliable = { flows, endedMs: null };
    this.#unreliable.add(unreliable);
    const end = async () => {
      await heal();
      unreliable.endedMs ??= performance.now();
    };
    return { hits, heal: end };
  }

  #nft(namespace: string, args: readonly string[], input?: string): Promise<string> {
    return run("nsenter", [`--net=/run/netns/${namespace}`, "nft", ...args], input);
  }

  #nextName(kind: string): string {
    this.#names += 1;
    return `${kind}${this.#names}`;
  }

  get #switch(): string {
    return `${this.#claim.prefix}switch`;
  }

  #portOf(host: HostPlace): string {
    return `port${this.hosts.findIndex(({ name }) => name === host.name)}`;
  }

  async #build(): Promise<void> {
    const space = this.#switch;
    await run("ip", ["netns", "add", space]);
    await run("ip", ["-n", space, "link", "set", "lo", "up"]);
    await run("ip", ["-n", space, "link", "add", bridge, "type", "bridge"]);
    await run("ip", ["-n", space, "link", "set", bridge, "up"]);
    await Promise.all(this.hosts.map((host) => this.#addHost(host)));
    const own = `${this.#claim.prefix}tester`;
    await run("ip", ["link", "add", own, "type", "veth", "peer", "name", "tester", "netns", space]);
    await run("ip", ["-n", space, "link", "set", "tester", "master", bridge, "up"]);
    await run("ip", ["addr", "add", `${this.testerAddress}/24`, "dev", own]);
    await run("ip", ["link", "set", own, "up"]);
  }

  async #addHost(host: HostPlace): Promise<void> {
    const { namespace, address } = host;
    const port = this.#portOf(host);
    await run("ip", ["netns", "add", namespace]);
    await run("ip", [
      "link",
      "add",
      port,
      "netns",
      this.#switch,
      "type",
      "veth",
      "peer",
      "name",
      "eth0",
      "netns",
      namespace,
    ]);
    await run("ip", ["-n", this.#switch, "link", "set", port, "master", bridge, "up"]);
    await run("ip", ["-n", namespace, "addr", "add", `${address}/24`, "dev", "eth0"]);
    await run("ip", ["-n", namespace, "link", "set", "eth0", "up"]);
    await run("ip", ["-n", namespace, "link", "set", "lo", "up"]);
  }
}

/** Both ways, between each of the one and each of the other. */
export function between(one: readonly HostPlace[], other: readonly HostPlace[]): Flow[] {
  return [flow(one, other), flow(other, one)];
}

export function flow(from: readonly HostPlace[], to: readonly HostPlace[]): Flow {
  return { from: from.map(({ address }) => address), to: to.map(({ address }) => address) };
}

async function isReady(relay: ChildProcess, what: string): Promise<void> {
  const died = once(relay, "exit").then(([code]) => Promise.reject(new Error(`${what} ended with ${code}`)));
  const said = relay.stdout === null ? Promise.reject(new Error(`${what} has no output`)) : once(relay.stdout, "data");
  await Promise.race([died, said]);
  died.catch(() => {});
}

function onlyOnce(act: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | null = null;
  return () => {
    done ??= act();
    return done;
  };
}
