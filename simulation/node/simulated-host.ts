/**
 * The node under a simulated agent: attempts as simulated processes with folders on a simulated disk, which outlive the
 * agent. Keeps what `Host` asks of a host, and tells the history what really runs.
 */
import { type AttemptEnd, type AttemptId, keyOf } from "@holdfast/agent/core/attempt.ts";
import type { Ending, FoundAttempt } from "@holdfast/agent/core/event.ts";
import type { Host, HostEvent, Launch } from "@holdfast/agent/shell/host.ts";
import { encodeFrame } from "@holdfast/shared/output-frame.ts";
import type { History } from "../history.ts";
import type { Machine } from "../machine/machine.ts";
import { DiskFull } from "../machine/simulated-disk.ts";
import type { SimulatedProcess } from "../machine/simulated-process.ts";
import type { Random } from "../random.ts";
import { AttemptFolders, type Folder } from "./attempt-folders.ts";
import { type AttemptEnded, SupervisedAttempt } from "./supervised-attempt.ts";
import { programOf } from "./task-program.ts";

const noUsage = { cpuUserMs: 0, cpuSystemMs: 0, maxResidentBytes: 0, outputBytes: 0 };
const diskRetryMs = 1_000;
const sweepLookMs = 25;
/** A machine that is busy or swaps takes its time to start a program. */
const slowStartRate = 0.03;
const slowStartMs = 12_000;
const emptyFolder = {
  limits: { timeoutMs: 0, stopGraceMs: 0 },
  leaseUntilMs: null,
  started: null,
  ended: null,
  decided: null,
  acknowledged: false,
};

/** One for each boot of the machine. */
export class SimulatedNode {
  readonly nodeId: string;
  readonly folders: AttemptFolders;
  /** Everything on the node besides the agent. */
  readonly process: SimulatedProcess;
  readonly #random: Random;
  readonly #history: History;
  readonly #live = new Map<string, SupervisedAttempt>();
  readonly #starting = new Set<string>();
  /** Hears what happens, as long as its process lives; null: no agent is there. */
  #agent: { readonly process: SimulatedProcess; readonly emit: (event: HostEvent) => void } | null = null;

  constructor(nodeId: string, machine: Machine, random: Random, history: History) {
    this.nodeId = nodeId;
    this.folders = new AttemptFolders(machine);
    this.process = machine.start(`tasks of ${nodeId}`);
    this.#random = random;
    this.#history = history;
    this.process.onDeath(() => this.#allDie());
  }

  /** The attempts whose supervisors live. */
  get supervised(): readonly AttemptId[] {
    return [...this.#live.values()].filter(({ isSupervised }) => isSupervised).map(({ id }) => id);
  }

  /** The host port of an agent's process. */
  hostFor(agent: SimulatedProcess): Host {
    return {
      listen: (emit) => {
        this.#agent = { process: agent, emit };
      },
      scan: async () => {
        await agent.sleep(this.#someMs());
        const unacknowledged = this.folders.all().filter(({ acknowledged }) => !acknowledged);
        return unacknowledged.map((folder) => this.#found(folder));
      },
      launch: (launch) => this.#soon(() => this.#launch(launch)),
      bury: (id, end) => this.#bury(id, end),
      stop: (id, force) => this.#soon(() => this.#stop(id, force)),
      killLeftovers: (id) => this.#soon(() => this.#sweep(id)),
      extendLease: (id, untilMs) => this.#extendLease(id, untilMs),
      look: async (id) => {
        await agent.sleep(this.#someMs());
        this.#look(id);
      },
      tailOf: (id) => this.#tailOf(id),
    };
  }

  /** As the out-of-memory killer might. */
  killSupervisor(id: AttemptId): void {
    const attempt = this.#live.get(keyOf(id));
    if (attempt === undefined || !attempt.isSupervised) return;
    attempt.loseSupervisor();
    this.#soon(() => this.#emit({ kind: "gone", id }));
  }

  #launch({ order, fence, leaseUntilMs }: Launch): void {
    const { taskId, attempt, limits } = order;
    const id = { taskId, attempt };
    const key = keyOf(id);
    const folder: Folder = { ...emptyFolder, id, limits, leaseUntilMs };
    const existing = this.folders.read(id);
    if (existing !== undefined) return this.#emit({ kind: "exists", found: this.#found(existing) });
    try {
      this.folders.make(folder, "unsynced");
    } catch (error) {
      if (!(error instanceof DiskFull)) throw error;
      return this.#emit({ kind: "notStarted", id, fault: "node", reason: error.message });
    }
    this.#starting.add(key);
    const isSlow = this.#random.chance(slowStartRate);
    this.process.after(isSlow ? this.#random.between(100, slowStartMs) : this.#someMs(), () => {
      this.#starting.delete(key);
      const program = programOf(order.message.spec?.argv ?? []);
      const isLate = leaseUntilMs !== null && this.process.now().steadyMs >= leaseUntilMs;
      if (isLate) return this.#recordEnd(id, startError("its lease was over before it started", this.#wallMs()));
      if (program.missing) return this.#recordEnd(id, startError("cannot execute missing", this.#wallMs()));
      const atMs = this.#wallMs();
      this.#write(id, { started: { bootId: this.process.machine.bootId, atMs } });
      const random = this.#random.stream(key);
      const emptied = (end: AttemptEnded) => this.#emptied(id, atMs, end);
      const parts = { id, limits, program, leaseUntilMs, process: this.process, random, emptied };
      this.#live.set(key, new SupervisedAttempt(parts));
      const { nodeId } = this;
      this.#history.record({ kind: "processStarted", nodeId, ...id, exclusive: leaseUntilMs !== null, fence });
      this.#emit({ kind: "started", id, startedAtMs: atMs });
    });
  }

  #bury(id: AttemptId, end: AttemptEnd): void {
    this.#soon(() => {
      const existing = this.folders.read(id);
      if (existing !== undefined) return this.#emit({ kind: "exists", found: this.#found(existing) });
      const folder: Folder = { ...emptyFolder, id, decided: end };
      try {
        this.folders.make(folder, "synced");
      } catch (error) {
        if (!(error instanceof DiskFull)) throw error;
        this.#agent?.process.after(diskRetryMs, () => this.#bury(id, end));
        return;
      }
      this.#history.record({ kind: "buried", nodeId: this.nodeId, ...id });
      this.#emit({ kind: "buried", id, end });
    });
  }

  #sweep(id: AttemptId): void {
    const attempt = this.#live.get(keyOf(id));
    if (attempt === undefined) return this.#emit({ kind: "swept", id });
    attempt.kill("stop");
    this.process.after(sweepLookMs, () => this.#sweep(id));
  }

  #extendLease(id: AttemptId, untilMs: number): void {
    const known = this.folders.read(id)?.leaseUntilMs ?? Number.POSITIVE_INFINITY;
    // The file has its size already, and is written in place.
    if (untilMs > known) this.folders.change(id, { leaseUntilMs: untilMs }, "inPlace");
    this.#live.get(keyOf(id))?.extendLease(untilMs);
  }

  #stop(id: AttemptId, force: boolean): void {
    const attempt = this.#live.get(keyOf(id));
    if (attempt === undefined || !attempt.isSupervised) {
      if (this.#starting.has(keyOf(id))) this.#soon(() => this.#stop(id, force));
      else this.#look(id);
    } else if (force) attempt.kill("stop");
    else attempt.stop("stop");
  }

  #look(id: AttemptId): void {
    const folder = this.folders.read(id);
    if (folder === undefined) return;
    const { folder: state } = this.#found(folder);
    if (state.kind === "running") this.#emit({ kind: "started", id, startedAtMs: state.startedAtMs });
    if (state.kind === "ended") this.#emit({ kind: "ended", id, ending: state.ending });
    if (state.kind === "gone") this.#emit({ kind: "gone", id });
  }

  #emptied(id: AttemptId, startedAtMs: number, { exitCode, signal, stopCause }: AttemptEnded): void {
    const key = keyOf(id);
    const isSupervised = this.#live.get(key)?.isSupervised === true;
    this.#live.delete(key);
    const how = stopCause === "none" ? "exited" : stopCause === "lease" ? "leaseOver" : "stopped";
    // How an attempt ends whose supervisor was killed, nobody ever learns.
    const seenCode = isSupervised ? exitCode : null;
    this.#history.record({ kind: "groupEmpty", nodeId: this.nodeId, ...id, exitCode: seenCode, how });
    if (!isSupervised) return;
    const ending = {
      startError: "",
      exitCode,
      signal,
      stopCause,
      startedAtMs,
      endedAtMs: this.#wallMs(),
      usage: noUsage,
    };
    this.#recordEnd(id, ending);
  }

  #recordEnd(id: AttemptId, ending: Ending): void {
    this.#write(id, { ended: ending });
    this.#emit({ kind: "ended", id, ending });
  }

  /** A supervisor goes on trying where there is no room. */
  #write(id: AttemptId, change: Partial<Folder>): void {
    try {
      this.folders.change(id, change, "unsynced");
    } catch (error) {
      if (!(error instanceof DiskFull)) throw error;
      this.process.after(diskRetryMs, () => this.#write(id, change));
    }
  }

  #allDie(): void {
    for (const { id } of this.#live.values()) {
      this.#history.record({ kind: "groupEmpty", nodeId: this.nodeId, ...id, exitCode: null, how: "machineDown" });
    }
    this.#live.clear();
  }

  #found(folder: Folder): FoundAttempt {
    const key = keyOf(folder.id);
    return this.folders.found(folder, this.#starting.has(key) || this.#live.get(key)?.isSupervised === true);
  }

  #tailOf(id: AttemptId): Buffer {
    const folder = this.folders.read(id);
    if (folder === undefined || folder.acknowledged || folder.started === null) return Buffer.alloc(0);
    const data = Buffer.from(`output of ${keyOf(id)}`);
    return encodeFrame({ stream: "stdout", writtenAtMs: folder.started.atMs, data, missingBytes: 0 });
  }

  #emit(event: HostEvent): void {
    const agent = this.#agent;
    if (agent === null || agent.process.isDead) return;
    this.#soon(() => agent.process.run(() => agent.emit(event)));
  }

  #soon(act: () => void): void {
    this.process.after(this.#someMs(), act);
  }

  #someMs(): number {
    return 0.2 + this.#random.fraction() * 3;
  }

  #wallMs(): number {
    return this.process.now().wallMs;
  }
}

function startError(reason: string, endedAtMs: number): Ending {
  return {
    startError: reason,
    exitCode: null,
    signal: "",
    stopCause: "none",
    startedAtMs: 0,
    endedAtMs,
    usage: noUsage,
  };
}
