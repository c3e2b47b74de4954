/**
 * The attempts of this node as processes and folders: does what the core asks for, and tells it as events what becomes of
 * that. What launcher and supervisors tell are hints; the folders are the truth.
 */

import { readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { alignBootTime, bootTimeAtMost } from "@holdfast/shared/clock.ts";
import { HoldfastError } from "@holdfast/shared/errors.ts";
import type { Log } from "@holdfast/shared/log.ts";
import { type AttemptEnd, type AttemptId, keyOf } from "../core/attempt.ts";
import type { Ending, FoundAttempt } from "../core/event.ts";
import { AttemptFolders, parseAttemptKey } from "../process/attempt-folder.ts";
import { parseRecord } from "../process/attempt-record.ts";
import type { AttemptCgroups } from "../process/cgroup.ts";
import { Launcher } from "../process/launcher.ts";
import type { LauncherEvent } from "../process/launcher-event.ts";
import { extendLeaseFile } from "../process/lease-file.ts";
import { readTail } from "../process/output-reader.ts";
import type { RetentionLimits } from "../process/retention.ts";
import type { StartRequest } from "../process/start-frame.ts";
import { type AcknowledgedMark, markAcknowledged, markDecided, readAcknowledged, textOfEnd } from "./attempt-marks.ts";
import { CleanUp, discardWork } from "./clean-up.ts";
import { syncFolder } from "./durable-file.ts";
import { EndedOutput } from "./ended-output.ts";
import { endingOf, findAttempt } from "./found-attempt.ts";
import type { Host, HostEvent, Launch } from "./host.ts";
import { startRequest } from "./start-request.ts";
import { sweep } from "./sweep.ts";
import { userOf } from "./task-user.ts";

export interface AttemptHostOptions {
  readonly dataDir: string;
  readonly nodeId: string;
  /** Path of holdfast-supervisor. */
  readonly supervisorBinary: string;
  /** null: attempts get none. */
  readonly cgroups: AttemptCgroups | null;
  readonly retention: RetentionLimits;
  readonly log: Log;
}

const tailBytes = 16 * 1024;
/** A folder with its record: what the file system gives out at least. */
const folderBytes = 12 * 1024;
/** In which what is under way gets as far as being seen. */
const momentMs = 50;
const retryMs = 1_000;
const noOutput = Buffer.alloc(0);

export class AttemptHost implements Host {
  readonly #options: AttemptHostOptions;
  readonly #root: string;
  readonly #folders: AttemptFolders;
  readonly #ended = new EndedOutput();
  readonly #cleanUp: CleanUp;
  #launcher: Launcher | null = null;
  #closed = false;
  #emit: (event: HostEvent) => void = () => {};

  /** When this resolves, nothing that an earlier agent ordered can start any more. Rejects as `Launcher.open` does. */
  static async open(options: AttemptHostOptions): Promise<AttemptHost> {
    const root = join(options.dataDir, "attempts");
    const launcherFolder = join(options.dataDir, "launcher");
    await mkdir(launcherFolder, { recursive: true, mode: 0o700 });
    const host = new AttemptHost(options, root, await AttemptFolders.open(root));
    const launcher = await Launcher.open({
      binary: options.supervisorBinary,
      stateFolder: launcherFolder,
      onEvent: (event) => host.#take(event),
      onRestart: (reason) => options.log.error({ reason }, "the launcher has died and is started again"),
    });
    const uptimeErrorMs = Math.round(alignBootTime(launcher.bootTimeMs));
    if (uptimeErrorMs !== 0) options.log.warn({ uptimeErrorMs }, "/proc/uptime does not show the boot time; corrected");
    host.#launcher = launcher;
    return host;
  }

  private constructor(options: AttemptHostOptions, root: string, folders: AttemptFolders) {
    this.#options = options;
    this.#root = root;
    this.#folders = folders;
    this.#cleanUp = new CleanUp(options.retention, (key) => this.#delete(key));
  }

  listen(emit: (event: HostEvent) => void): void {
    this.#emit = emit;
  }

  folderOf(id: AttemptId): string {
    return this.#folders.pathOf(keyOf(id));
  }

  tailOf(id: AttemptId): Buffer {
    return this.#ended.tailOf(id);
  }

  /** What is on disk and not acknowledged. */
  async scan(): Promise<readonly FoundAttempt[]> {
    const found: FoundAttempt[] = [];
    for (const key of await this.#folders.keys()) {
      const mark = readAcknowledged(this.#folders.pathOf(key));
      if (mark !== null) this.#cleanUp.add(key, mark);
      else {
        await this.#guard(key, "cannot read what an earlier process left of an attempt", async () => {
          const attempt = await this.#find(key);
          if (attempt !== null) found.push(attempt);
        });
      }
    }
    return found;
  }

  launch(launch: Launch): void {
    void this.#launch(launch);
  }

  bury(id: AttemptId, end: AttemptEnd): void {
    void this.#bury(id, end);
  }

  stop(id: AttemptId, force: boolean): void {
    void this.#stop(id, force);
  }

  killLeftovers(id: AttemptId): void {
    const { nodeId, cgroups, log } = this.#options;
    const options = { key: keyOf(id), nodeId, folder: this.folderOf(id), cgroups, isGivenUp: () => this.#closed, log };
    void sweep(options).then((done) => {
      if (done) this.#emit({ kind: "swept", id });
    });
  }

  extendLease(id: AttemptId, untilMs: number): void {
    try {
      extendLeaseFile(this.folderOf(id), bootTimeAtMost(untilMs));
    } catch (error) {
      this.#options.log.error(
        { err: error, key: keyOf(id) },
        "cannot extend the lease of an attempt; it will be stopped",
      );
    }
  }

  async #bury(id: AttemptId, end: AttemptEnd): Promise<void> {
    const key = keyOf(id);
    while (!this.#closed) {
      try {
        if (await this.#folders.bury(key, textOfEnd(end))) {
          await syncFolder(this.#root);
          return this.#emit({ kind: "buried", id, end });
        }
        return await this.#tellExisting(key);
      } catch (error) {
        this.#options.log.error({ err: error, key }, "cannot bury an attempt; trying again");
        await pause(retryMs);
      }
    }
  }

  #stop(id: AttemptId, force: boolean): Promise<void> {
    return this.#guard(keyOf(id), "cannot stop an attempt", async () => {
      const result = await this.#folders.stop(keyOf(id), force ? "kill" : "term");
      // It is started, but its supervisor has not written so yet.
      if (result === "starting") setTimeout(() => this.stop(id, force), momentMs);
      if (result === "ended" || result === "gone") await this.look(id);
    });
  }

  /** Rejects when it cannot be written. */
  async decided(id: AttemptId, end: AttemptEnd): Promise<void> {
    await markDecided(this.folderOf(id), end);
  }

  acknowledged(id: AttemptId): void {
    const key = keyOf(id);
    const folder = this.#folders.pathOf(key);
    const { endedAtMs, bytes } = this.#ended.take(key) ?? { endedAtMs: Date.now(), bytes: folderBytes };
    const mark: AcknowledgedMark = { endedAtMs, bytes };
    this.#cleanUp.add(key, mark);
    // Nobody waits for it, and on a disk that others keep busy each of the two takes a millisecond.
    void this.#guard(key, "cannot mark an attempt as acknowledged; it will be told again", async () => {
      await markAcknowledged(folder, mark);
      await discardWork(folder);
    });
  }

  /** Looks whether the folder knows more than the core was told, and tells it. */
  look(id: AttemptId): Promise<void> {
    return this.#guard(keyOf(id), "cannot look after an attempt", async () => {
      const found = await this.#find(keyOf(id));
      if (found === null) return;
      const { folder } = found;
      if (folder.kind !== "starting") this.#launcher?.settle(keyOf(id));
      if (folder.kind === "running") this.#emit({ kind: "started", id, startedAtMs: folder.startedAtMs });
      if (folder.kind === "ended") this.#emit({ kind: "ended", id, ending: folder.ending });
      if (folder.kind === "gone") this.#emit({ kind: "gone", id });
    });
  }

  /** Deletes what is too old or too much. */
  async cleanUp(): Promise<void> {
    try {
      await this.#cleanUp.sweep(Date.now());
    } catch (error) {
      this.#options.log.warn({ err: error }, "cannot delete the folders of ended attempts");
    }
  }

  /** Supervisors and their tasks go on. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#launcher?.close();
  }

  async #launch(launch: Launch): Promise<void> {
    const { taskId, attempt } = launch.order;
    const id: AttemptId = { taskId, attempt };
    try {
      this.#launcher?.start(await this.#requestFor(launch));
    } catch (error) {
      // A user or a room that is missing here may be had elsewhere; a task that is wrong in itself is so everywhere.
      const fault = error instanceof HoldfastError && error.code !== "invalidArgument" ? "node" : "order";
      this.#emit({
        kind: "notStarted",
        id,
        fault,
        reason: error instanceof Error ? error.message : String(error),
      });
    }
  }

  async #requestFor({ order, fence, leaseUntilMs }: Launch): Promise<StartRequest> {
    const { nodeId, cgroups } = this.#options;
    const { user: userName, resources } = order.message.spec ?? {};
    const user = userName ? await userOf(userName) : null;
    const { cpuMillis = 0, memoryBytes = 0 } = resources ?? {};
    const cgroupProcs = cgroups === null ? [] : await cgroups.create(keyOf(order), { cpuMillis, memoryBytes });
    const leaseUntilBootMs = leaseUntilMs === null ? null : bootTimeAtMost(leaseUntilMs);
    return startRequest(order, { fence, nodeId, folder: this.folderOf(order), user, cgroupProcs, leaseUntilBootMs });
  }

  #take(event: LauncherEvent): void {
    const id = parseAttemptKey(event.key);
    const { log } = this.#options;
    if (id === null) return log.warn({ event }, "the launcher speaks of something that is no attempt");
    switch (event.kind) {
      case "started":
        return this.#emit({ kind: "started", id, startedAtMs: Date.now() });
      case "ended":
        return void this.#tellEnd(event.key, id);
      case "refused": {
        const fault = event.reason.startsWith("malformed") ? "order" : "node";
        return this.#emit({ kind: "notStarted", id, fault, reason: event.reason });
      }
      case "exists":
        return void this.#tellExisting(event.key);
      case "gone":
        return void this.look(id);
    }
  }

  #tellEnd(key: string, id: AttemptId): Promise<void> {
    return this.#guard(key, "cannot read how an attempt ended", async () => {
      // On the way of every task, and from the page cache: quicker than through the thread pool.
      const { ended } = parseRecord(readFileSync(join(this.#folders.pathOf(key), "record"), "utf8"));
      if (ended === null) return;
      const ending = endingOf(ended);
      if (ended.outputBytes > 0) await this.#keepTail(key, ending);
      else this.#ended.add(key, { tail: noOutput, endedAtMs: ended.endedAtMs, bytes: folderBytes });
      this.#emit({ kind: "ended", id, ending });
      await this.#options.cgroups?.remove(key);
    });
  }

  #tellExisting(key: string): Promise<void> {
    return this.#guard(key, "cannot read what is known of an attempt", async () => {
      const found = await this.#find(key);
      if (found !== null) this.#emit({ kind: "exists", found });
    });
  }

  /** With the output's tail at hand when it has ended. */
  async #find(key: string): Promise<FoundAttempt | null> {
    const found = await findAttempt(this.#folders, key, this.#launcher?.isPending(key) ?? false);
    if (found?.folder.kind === "ended") await this.#keepTail(key, found.folder.ending);
    return found;
  }

  async #keepTail(key: string, { endedAtMs, usage }: Ending): Promise<void> {
    const tail = await readTail(this.#folders.pathOf(key), tailBytes);
    this.#ended.add(key, { tail, endedAtMs, bytes: folderBytes + usage.outputBytes });
  }

  /** Errors of the file system here concern one attempt, and are for those who look after the node. */
  async #guard(key: string, failure: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#options.log.error({ err: error, key }, failure);
    }
  }

  async #delete(key: string): Promise<void> {
    await this.#options.cgroups?.remove(key);
    await this.#folders.delete(key);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
