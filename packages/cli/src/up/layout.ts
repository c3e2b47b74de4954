/**
 * Where a local cluster keeps its things, all in one folder:
 *
 *   up.lock        who runs it                       client.yaml    where the command line finds it
 *   cluster.json   its processes, for tools          keep-down/ID   a member that is not to be started again
 *   coordinators.targets.json, agents.targets.json           where Prometheus finds them
 *   config/ID.yaml, data/ID/, logs/ID.log            for each member
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

/** A unix socket's path may be 107 bytes long. */
const socketPathLimit = 107;

export class ClusterLayout {
  /** Absolute. */
  readonly dataDir: string;
  readonly clusterFile: string;
  readonly clientFile: string;
  readonly lockFile: string;
  readonly coordinatorTargetsFile: string;
  readonly agentTargetsFile: string;

  constructor(dataDir: string) {
    this.dataDir = resolve(dataDir);
    this.clusterFile = join(this.dataDir, "cluster.json");
    this.clientFile = join(this.dataDir, "client.yaml");
    this.lockFile = join(this.dataDir, "up.lock");
    this.coordinatorTargetsFile = join(this.dataDir, "coordinators.targets.json");
    this.agentTargetsFile = join(this.dataDir, "agents.targets.json");
  }

  configOf(id: string): string {
    return join(this.dataDir, "config", `${id}.yaml`);
  }

  dataOf(id: string): string {
    return join(this.dataDir, "data", id);
  }

  logOf(id: string): string {
    return join(this.dataDir, "logs", `${id}.log`);
  }

  makeFolders(ids: readonly string[]): void {
    for (const folder of ["config", "logs", "data"]) mkdirSync(join(this.dataDir, folder), { recursive: true });
    for (const id of ids) mkdirSync(this.dataOf(id), { recursive: true });
  }

  /** Forgets everything but the lock: tasks, nodes, output, logs. */
  clear(): void {
    for (const name of [
      "cluster.json",
      "client.yaml",
      "coordinators.targets.json",
      "agents.targets.json",
      "config",
      "data",
      "logs",
      "keep-down",
    ]) {
      rmSync(join(this.dataDir, name), { recursive: true, force: true });
    }
  }

  /** Redis's socket; elsewhere, in a folder of its own, when this one's path is too long for a socket. */
  redisSocket(): string {
    const inside = join(this.dataOf("redis"), "redis.sock");
    if (Buffer.byteLength(inside) <= socketPathLimit) return inside;
    return join(mkdtempSync(join(tmpdir(), "holdfast-redis-")), "redis.sock");
  }

  isKeptDown(id: string): boolean {
    return existsSync(this.#keepDownFile(id));
  }

  /** Whoever runs the cluster starts this member again only after `letUp`. For those who kill one from outside. */
  keepDown(id: string): void {
    const file = this.#keepDownFile(id);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, "");
  }

  letUp(id: string): void {
    rmSync(this.#keepDownFile(id), { force: true });
  }

  #keepDownFile(id: string): string {
    return join(this.dataDir, "keep-down", id);
  }
}
