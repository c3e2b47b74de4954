/**
 * A cluster of real processes on this machine: a Redis of its own (or a given one), coordinators, agents. `holdfast up`,
 * the demo, tests and benchmarks start theirs here.
 */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { UsageError } from "../usage-error.ts";
import { type ClusterFile, readClusterFile, stopLeftovers, writeClusterFile } from "./cluster-file.ts";
import { type ClusterLock, lockCluster } from "./cluster-lock.ts";
import { ClusterLayout } from "./layout.ts";
import { Member, type MemberPlan, type MemberWatch } from "./member.ts";
import { endNodeProcesses, findNodeProcesses, killNodeProcesses } from "./node-processes.ts";
import { freePorts } from "./ports.ts";
import { waitUntilReady } from "./readiness.ts";
import { redisAnswers, redisPlan } from "./redis-process.ts";

/** As in the daemon's file; see `packages/shared/src/config/`. */
export type Settings = Readonly<Record<string, unknown>>;

export interface ClusterOptions {
  /** Folder of the cluster. What an earlier run left in it is there again. */
  readonly dataDir: string;
  /** Default 3. */
  readonly coordinators?: number;
  /** Default 3. */
  readonly agents?: number;
  /** Begin with nothing: forgets what the folder holds. */
  readonly fresh?: boolean;
  /** A Redis that is there already, instead of one of its own. */
  readonly redisUrl?: string | undefined;
  /** Port of the first coordinator; the next free ones are taken. 0 (default): some that are free. */
  readonly firstPort?: number;
  /** Each daemon gets a port of its own for /metrics, after the coordinators' ports. Default: none. */
  readonly metrics?: boolean;
  /** For every coordinator and every agent, and for single ones by id ("coordinator-1", "node-1"), over the defaults. */
  readonly coordinatorSettings?: Settings;
  readonly agentSettings?: Settings;
  readonly settingsOf?: Readonly<Record<string, Settings>>;
  /** What a person may want to know: a process died and is started again, and the like. Default: nobody is told. */
  readonly tell?: (message: string) => void;
  /** How long it may take until all is ready. Default 30 s. */
  readonly readyWithinMs?: number;
  /** Gives the start up: what was started is stopped. */
  readonly signal?: AbortSignal;
}

const defaultReadyMs = 30_000;
const redisAnswersWithinMs = 60_000;
const taskGraceMs = 2_000;
const entry = fileURLToPath(new URL("../main.ts", import.meta.url));

/**
 * Resolves when a leader leads, every coordinator serves and hears every agent.
 *
 * @throws UsageError when the folder is in use, HoldfastError unavailable when it does not become ready; then nothing
 * that was started is left running
 */
export async function startCluster(options: ClusterOptions): Promise<RunningCluster> {
  const layout = new ClusterLayout(options.dataDir);
  mkdirSync(layout.dataDir, { recursive: true });
  const lock = lockCluster(layout.lockFile);
  try {
    const earlier = readClusterFile(layout.clusterFile);
    if (earlier !== null) await stopLeftovers(earlier);
    if (options.fresh === true) layout.clear();
    const plan = await planCluster(options, layout);
    const cluster = new RunningCluster(plan, layout, lock, options.tell ?? (() => {}));
    try {
      await cluster.begin(options.readyWithinMs ?? defaultReadyMs, options.signal);
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  } catch (error) {
    lock.release();
    throw error;
  }
}

interface ClusterPlan {
  readonly redisUrl: string;
  /** Null: the Redis is somebody else's. */
  readonly redis: { readonly member: MemberPlan; readonly socketPath: string } | null;
  readonly coordinators: readonly MemberPlan[];
  readonly agents: readonly MemberPlan[];
}

async function planCluster(options: ClusterOptions, layout: ClusterLayout): Promise<ClusterPlan> {
  const coordinatorIds = numbered("coordinator", options.coordinators ?? 3);
  const agentIds = numbered("node", options.agents ?? 3);
  layout.makeFolders(["redis", ...coordinatorIds, ...agentIds]);
  const metered = options.metrics === true ? [...coordinatorIds, ...agentIds] : [];
  const ports = await freePorts(options.firstPort ?? 0, coordinatorIds.length + metered.length);
  const loopback = ports.map((port) => `127.0.0.1:${port}`);
  const addresses = loopback.slice(0, coordinatorIds.length);
  const metricsOf = new Map(metered.map((id, index) => [id, loopback[coordinatorIds.length + index] as string]));
  const metricsSettings = (id: string) => (metricsOf.has(id) ? { metricsListen: metricsOf.get(id) } : {});
  const socketPath = options.redisUrl === undefined ? layout.redisSocket() : "";
  const redisUrl = options.redisUrl ?? `redis+unix://${socketPath}`;

  const configure = (id: string, settings: Settings): void => {
    // Written for people, too: JSON is YAML.
    const content = JSON.stringify({ ...settings, ...options.settingsOf?.[id] }, null, 2);
    writeFileSync(layout.configOf(id), `# Written anew at each start of the cluster.\n${content}\n`);
  };
  const daemon = (role: "coordinator" | "agent", id: string): MemberPlan => ({
    id,
    role,
    command: process.execPath,
    args: [entry, role, "--config", layout.configOf(id)],
    logFile: layout.logOf(id),
    dataDir: layout.dataOf(id),
    metricsAddress: metricsOf.get(id),
  });

  const coordinators = coordinatorIds.map((id, index): MemberPlan => {
    const address = addresses[index] as string;
    const own = { id, number: index + 1, listen: address, redis: redisUrl, dataDir: layout.dataOf(id) };
    configure(id, { ...own, ...metricsSettings(id), ...options.coordinatorSettings });
    return { ...daemon("coordinator", id), address };
  });
  const agents = agentIds.map((id): MemberPlan => {
    const own = { nodeId: id, coordinators: addresses, dataDir: layout.dataOf(id) };
    configure(id, { ...own, ...metricsSettings(id), ...options.agentSettings });
    return daemon("agent", id);
  });
  const place = { socketPath, dataDir: layout.dataOf("redis"), logFile: layout.logOf("redis") };
  const redis = options.redisUrl === undefined ? { member: redisPlan(place), socketPath } : null;
  return { redisUrl, redis, coordinators, agents };
}

function numbered(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${name}-${index + 1}`);
}

/** An agent with all that it has started. */
export class NodeMember extends Member {
  /** Power cut: SIGKILL to the agent, its supervisors and its tasks. */
  async killNode(): Promise<void> {
    await this.kill();
    await killNodeProcesses(this.plan.dataDir);
  }

  /** Stops the agent, then ends its tasks; the cluster runs them again when it is back. */
  async stopNode(): Promise<void> {
    await this.stop();
    await endNodeProcesses(this.plan.dataDir, taskGraceMs);
  }

  /** Pids of its tasks' processes. */
  taskPids(): number[] {
    return findNodeProcesses(this.plan.dataDir).tasks.map(({ pid }) => pid);
  }
}

export class RunningCluster implements AsyncDisposable {
  readonly layout: ClusterLayout;
  readonly redisUrl: string;
  /** `host:port` of each coordinator. */
  readonly addresses: readonly string[];
  /** Null: the Redis is not this cluster's own. */
  readonly redis: Member | null;
  readonly coordinators: readonly Member[];
  readonly agents: readonly NodeMember[];
  readonly #redisSocket: string;
  readonly #lock: ClusterLock;
  readonly #tell: (message: string) => void;
  #stopped: Promise<void> | null = null;

  /** Only `startCluster` makes one. */
  constructor(plan: ClusterPlan, layout: ClusterLayout, lock: ClusterLock, tell: (message: string) => void) {
    const watch: MemberWatch = {
      onChange: () => this.#writeClusterFile(),
      onDeath: ({ id, plan: { logFile } }, how, restartInMs) =>
        tell(
          layout.isKeptDown(id)
            ? `${id} ended (${how}); it is kept down for now (${logFile})`
            : `${id} ended (${how}); starting it again in ${restartInMs / 1000} s (${logFile})`,
        ),
      isKeptDown: (id) => layout.isKeptDown(id),
    };
    this.layout = layout;
    this.redisUrl = plan.redisUrl;
    this.addresses = plan.coordinators.map(({ address }) => address as string);
    this.redis = plan.redis === null ? null : new Member(plan.redis.member, watch);
    this.#redisSocket = plan.redis?.socketPath ?? "";
    this.coordinators = plan.coordinators.map((member) => new Member(member, watch));
    this.agents = plan.agents.map((member) => new NodeMember(member, watch));
    this.#lock = lock;
    this.#tell = tell;
  }

  /** Starts all, and waits until all is ready. */
  async begin(readyWithinMs: number, signal?: AbortSignal): Promise<void> {
    for (const { id } of this.#members()) this.layout.letUp(id);
    if (this.redis !== null) {
      await this.redis.start().catch(explainMissingRedis);
      await redisAnswers(this.#redisSocket, redisAnswersWithinMs);
    }
    await Promise.all([...this.coordinators, ...this.agents].map((member) => member.start()));
    await this.ready(readyWithinMs, signal);
    writeFileSync(this.layout.clientFile, `addresses: ${JSON.stringify(this.addresses)}\n`);
    writeTargets(this.layout.coordinatorTargetsFile, this.coordinators);
    writeTargets(this.layout.agentTargetsFile, this.agents);
  }

  /** Resolves when a leader leads, and every coordinator serves and hears every agent, but for those that were stopped. */
  async ready(withinMs = defaultReadyMs, signal?: AbortSignal): Promise<void> {
    const wanted = <Kind extends Member>(members: readonly Kind[]) => members.filter(({ isWanted }) => isWanted);
    await waitUntilReady({
      addresses: () => wanted(this.coordinators).map(({ plan }) => plan.address as string),
      nodeIds: () => wanted(this.agents).map(({ id }) => id),
      withinMs,
      signal,
      logs: this.#members().map(({ plan }) => plan.logFile),
    });
  }

  /** The coordinator with that id, for those who have read from a status who leads. @throws Error when there is none */
  coordinator(id: string): Member {
    return memberOf(this.coordinators, id);
  }

  agent(id: string): NodeMember {
    return memberOf(this.agents, id);
  }

  /** Stops the Redis by force and starts it on what it has on disk. */
  async restartRedis(): Promise<void> {
    await this.redis?.kill();
    await this.redis?.start();
    await redisAnswers(this.#redisSocket, redisAnswersWithinMs);
  }

  /** Agents with their tasks, then coordinators, then Redis. What they have on disk stays. Further calls wait, too. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    await Promise.all(this.agents.map((agent) => agent.stopNode()));
    await Promise.all(this.coordinators.map((coordinator) => coordinator.stop()));
    await this.redis?.stop();
    this.#lock.release();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #members(): readonly Member[] {
    return [...(this.redis === null ? [] : [this.redis]), ...this.coordinators, ...this.agents];
  }

  #writeClusterFile(): void {
    // Removed under a running cluster by whoever needs its files no more.
    if (!existsSync(this.layout.dataDir)) return;
    const members = this.#members().map(({ id, plan, pid, startTicks }): ClusterFile["members"][number] => ({
      id,
      role: plan.role,
      pid: pid ?? 0,
      startTicks,
      dataDir: plan.dataDir,
      ...(plan.address === undefined ? {} : { address: plan.address }),
      ...(plan.metricsAddress === undefined ? {} : { metricsAddress: plan.metricsAddress }),
    }));
    const { redisUrl, addresses } = this;
    const content = { upPid: process.pid, redisUrl, addresses: [...addresses], members };
    try {
      writeClusterFile(this.layout.clusterFile, content);
    } catch (error) {
      // A full disk, for one: what runs must be watched and stopped all the same.
      this.#tell(`${this.layout.clusterFile} cannot be written: ${(error as Error).message}`);
    }
  }
}

/** For Prometheus' file_sd_configs. */
function writeTargets(file: string, members: readonly Member[]): void {
  const targets = members.flatMap(({ id, plan }) =>
    plan.metricsAddress === undefined ? [] : [{ targets: [plan.metricsAddress], labels: { instance: id } }],
  );
  writeFileSync(file, `${JSON.stringify(targets, null, 2)}\n`);
}

function explainMissingRedis(error: NodeJS.ErrnoException): never {
  if (error.code !== "ENOENT") throw error;
  throw new UsageError("there is no redis-server in PATH; install it, or name one that runs with --redis");
}

function memberOf<Kind extends Member>(members: readonly Kind[], id: string): Kind {
  const found = members.find((member) => member.id === id);
  if (found === undefined)
    throw new Error(`no member ${id}; there are ${members.map((member) => member.id).join(", ")}`);
  return found;
}
