/**
 * A coordinator put together: the copy of the state, the leadership, the sessions of agents and the links to its peers,
 * offered to the API as its backend. Everything that it needs from the world comes in by its ports.
 */
import type { Timer } from "@holdfast/shared/clock.ts";
import type { CoordinatorConfig } from "@holdfast/shared/config/coordinator-config.ts";
import type { HearingView, HearingView__Output } from "@holdfast/shared/contract/generated/holdfast/v1/HearingView.ts";
import type { TaskLogsResponse } from "@holdfast/shared/contract/generated/holdfast/v1/TaskLogsResponse.ts";
import { HoldfastError } from "@holdfast/shared/errors.ts";
import { decodeFrames } from "@holdfast/shared/output-frame.ts";
import type { Backend, CommittedView, CoordinatorView, LeaderView, OutputWish, Written } from "./api/backend.ts";
import { ChangeFeed } from "./api/change-feed.ts";
import { formatRevision, parseRevision } from "./api/revision.ts";
import { changeSink } from "./change-sink.ts";
import { committedView } from "./committed-view.ts";
import type { CoordinatorEffect } from "./core/effect.ts";
import type { Heard, PeerHearing, WriteKind, WriteRequest } from "./core/event.ts";
import { hear, Observation, silentNodes } from "./core/observation.ts";
import type { Period } from "./core/series/window.ts";
import { type LivenessSettings, livenessOf, type Settings } from "./core/settings.ts";
import type { CoordinatorSight } from "./exposition/coordinator-metrics.ts";
import { Leadership } from "./loop/leadership.ts";
import { Replica } from "./loop/replica.ts";
import { OrphanExchange } from "./peer/orphan-exchange.ts";
import { PeerLinks } from "./peer/peer-links.ts";
import { PendingWrites } from "./pending-writes.ts";
import type { CoordinatorPorts } from "./ports.ts";
import { SeriesRollups } from "./series-rollups.ts";
import { AgentSessions } from "./session/agent-sessions.ts";
import { settingsOf } from "./settings-of-config.ts";
import type { ArchivedSeries, Resolution } from "./store/archive.ts";
import { type CoordinatorEntry, StoreUnavailable } from "./store/store.ts";
import { StoreWatch } from "./store-watch.ts";

const announceIntervalMs = 1_000;
const announceTtlMs = 10_000;
/** How often what the store has lost is offered to the leader, some of it at a time. */
const offerIntervalMs = 200;
const rollupsIntervalMs = 1_000;
/** How often the store is asked how full it is, and how it is replicated. */
const storeLookMs = 1_000;

export class Coordinator implements Backend {
  readonly coordinatorId: string;
  readonly cell: string;
  readonly version: string;
  readonly exclusiveKillMs: number;
  readonly changes = new ChangeFeed();
  readonly sessions: AgentSessions;
  readonly peers: PeerLinks;
  readonly #config: CoordinatorConfig;
  readonly #ports: CoordinatorPorts;
  readonly #settings: Settings;
  readonly #observation: Observation;
  readonly #replica: Replica;
  readonly #leadership: Leadership;
  readonly #writes = new PendingWrites();
  readonly #entry: CoordinatorEntry;
  readonly #storeWatch: StoreWatch;
  readonly #stopping = new AbortController();
  readonly #orphans: OrphanExchange;
  readonly #turning: Timer;
  readonly #offering: Timer;
  /** Rejects when something unforeseen happened in a timer or on a link. */
  readonly #failure = Promise.withResolvers<never>();
  #listed: readonly CoordinatorEntry[] = [];

  constructor(config: CoordinatorConfig, version: string, ports: CoordinatorPorts) {
    const { store, clock, log } = ports;
    this.coordinatorId = config.id;
    this.cell = config.cell;
    this.version = version;
    this.exclusiveKillMs = config.exclusiveKillMs;
    this.#config = config;
    this.#ports = ports;
    this.#settings = settingsOf(config);
    this.#entry = { id: config.id, address: config.advertise, version, startedAtMs: Math.floor(clock.now().wallMs) };
    this.#observation = new Observation(this.#settings.stallMs, clock.now());
    const sink = changeSink({
      feed: this.changes,
      ports,
      observation: this.#observation,
      settings: this.#settings,
      replica: () => this.#replica,
      leadership: () => this.#leadership,
    });
    this.#replica = new Replica(store, clock, sink, this.#settings.agingMs, log, ports.journal);
    this.#leadership = this.#buildLeadership();
    this.sessions = this.#buildSessions();
    this.peers = this.#buildPeers();
    this.#orphans = this.#buildOrphanExchange();
    this.#failure.promise.catch(() => {});
    this.#storeWatch = new StoreWatch({ store, settings: config, hear: (heard) => this.#hear(heard), log });
    this.#turning = this.#every(config.tickIntervalMs, () => this.#turned());
    this.#offering = this.#every(offerIntervalMs, () => this.#orphans.offer());
  }

  /** Runs until `stopLeading`. Rejects when something unforeseen happened, wherever; it cannot go on then. */
  async run(): Promise<void> {
    const watching = this.#repeat(storeLookMs, () => this.#storeWatch.look());
    const rollups = this.#buildRollups();
    const archiving = this.#config.archiveSeries ? this.#repeat(rollupsIntervalMs, () => rollups.turn()) : undefined;
    const running = Promise.all([this.#leadership.run(), this.#keepListed(), watching, archiving]);
    await Promise.race([running, this.#failure.promise]);
  }

  get isLoaded(): boolean {
    return this.#replica.loaded;
  }

  /** Hands the leadership over. Calls, sessions and links stay open until `close`. */
  stopLeading(): void {
    this.#stopping.abort();
    this.#leadership.stop();
  }

  close(): void {
    this.#turning.cancel();
    this.#offering.cancel();
    this.#writes.abandon();
    this.sessions.close();
    this.peers.close();
  }

  async read<Result>(query: (view: CommittedView) => Result): Promise<Result> {
    if (!this.#replica.loaded) {
      throw new HoldfastError("unavailable", "this coordinator has not loaded the state yet", { retryAfterMs: 200 });
    }
    return this.#leadership.read(() => query(this.#view(this.isLeading())));
  }

  isLeading(): boolean {
    return this.#leadership.leader !== null;
  }

  leader(): LeaderView | null {
    const told = this.peers.leader;
    const holder = this.#leadership.holder;
    // Cut off from the storage alone, a coordinator still hears from the others who leads.
    if (holder === null || (told !== null && told.epoch > holder.epoch)) return told;
    return { id: holder.holderId, address: holder.holderAddress, epoch: holder.epoch };
  }

  async write<Kind extends WriteKind>(request: WriteRequest<Kind>): Promise<Written<Kind>> {
    const leader = this.#leadership.leader;
    if (leader === null) {
      throw new HoldfastError("unavailable", `${this.coordinatorId} does not lead`, { retryAfterMs: 200 });
    }
    this.#storeWatch.requireRoom(request.kind);
    const { callId, answered } = this.#writes.open<Kind>();
    leader.post({ kind: "write", callId, request: request as WriteRequest });
    return answered;
  }

  async stepDown(reason: string): Promise<void> {
    if (!this.#listed.some((entry) => entry.id !== this.coordinatorId && this.peers.isReachable(entry.id))) {
      throw new HoldfastError("failedPrecondition", "no other coordinator is there to take over; start one first");
    }
    this.#leadership.stepDown(reason === "" ? "asked to step down" : reason);
  }

  async coordinators(): Promise<readonly CoordinatorView[]> {
    const leaderId = this.leader()?.id;
    const own = this.#revision(this.#replica.position.sequence);
    return this.#listed.map((entry) => {
      const isSelf = entry.id === this.coordinatorId;
      const reachable = isSelf || this.peers.isReachable(entry.id);
      const revision = isSelf ? own : this.peers.revisionOf(entry.id);
      return { ...entry, leads: entry.id === leaderId, reachable, revision };
    });
  }

  async readBody(taskId: string): Promise<string | null> {
    return this.#replica.state.bodies.get(taskId) ?? (await this.#reading(() => this.#ports.store.readBody(taskId)));
  }

  async readTail(taskId: string, attempt: number): Promise<readonly TaskLogsResponse[] | null> {
    const text = await this.#reading(() => this.#ports.store.readTail(taskId, attempt));
    if (text === null) return null;
    return decodeFrames(Buffer.from(text, "base64")).map(({ stream, ...piece }) => ({
      ...piece,
      stream: stream === "stderr" ? "STREAM_STDERR" : "STREAM_STDOUT",
      source: "SOURCE_REPORT",
      attempt,
    }));
  }

  async archived(nodeId: string, resolution: Resolution, period: Period): Promise<readonly ArchivedSeries[]> {
    const { fromMs, toMs } = period;
    return this.#reading(() => this.#ports.archive.read(nodeId, resolution, fromMs, toMs));
  }

  output(nodeId: string, wish: OutputWish, signal: AbortSignal): AsyncIterable<readonly TaskLogsResponse[]> | null {
    return this.sessions.output(nodeId, wish, signal);
  }

  #view(isLeading: boolean): CommittedView {
    return committedView({
      replica: this.#replica,
      observation: this.#observation,
      settings: this.#settings,
      now: this.#ports.clock.now(),
      isLeading,
      metricsOf: (nodeId) => this.sessions.metricsOf(nodeId),
      checksOf: (nodeId) => this.sessions.checksOf(nodeId),
    });
  }

  #hear(heard: Heard): void {
    hear(this.#observation, heard, this.#ports.clock.now());
  }

  #turned(): void {
    this.#hear({ kind: "turned" });
    this.#ports.meter?.turned(this.#leadership.leader?.epoch ?? 0, this.#ports.clock.now());
  }

  /** What /metrics shows of this coordinator at this moment. */
  sight(): CoordinatorSight {
    const now = this.#ports.clock.now();
    const { position, state } = this.#replica;
    return {
      now,
      state,
      position,
      observation: this.#observation,
      settings: this.#settings,
      leadingEpoch: this.#leadership.leader?.epoch ?? 0,
      knowsLeader: this.leader() !== null,
      leaseAgeMs: this.#leadership.leaseAgeMs(now),
      storeAnswers: this.#leadership.storeAnswers,
      sessions: this.sessions.size,
    };
  }

  #release(effects: readonly CoordinatorEffect[], sequence: number): void {
    this.#ports.onlooker?.released(effects);
    const epoch = this.#leadership.leader?.epoch;
    if (epoch !== undefined) this.sessions.release(effects, epoch);
    // Whoever hears an agent that we do not is to know at once where to turn.
    if (effects.some((effect) => effect.kind === "announce")) this.peers.tellHearing();
    this.#leadership.orphans.released(effects);
    this.#writes.settle(effects, this.#revision(sequence));
    for (const effect of effects) if (effect.kind === "log") this.#ports.log[effect.level]({}, effect.message);
  }

  #revision(sequence: number): string {
    return formatRevision({ lineage: this.#replica.history, sequence });
  }

  /** Storage that does not answer is a fault that passes: the caller may try again. */
  async #reading<Result>(read: () => Promise<Result>): Promise<Result> {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      throw new HoldfastError("unavailable", "the storage does not answer", { retryAfterMs: 500, cause: error });
    }
  }

  #buildLeadership(): Leadership {
    const config = this.#config;
    const { store, memory, journal, clock, randomness, log, onlooker, meter } = this.#ports;
    return new Leadership({
      candidate: { id: config.id, number: config.number, address: config.advertise },
      timing: config,
      replica: this.#replica,
      observation: this.#observation,
      settings: this.#settings,
      store,
      memory,
      journal,
      durability: config.durability,
      beginAnew: config.beginAnew,
      clock,
      randomness,
      outlet: { release: (effects, sequence) => this.#release(effects, sequence) },
      onlooker,
      watchCommits: meter === undefined ? undefined : (outcome, tookMs) => meter.committed(outcome, tookMs),
      log,
      resigned: (epoch) => this.peers.resigned(epoch),
      ended: () => {
        meter?.leaderGone(clock.now());
        this.#writes.abandon();
      },
      merged: (origin, orphanId) => this.#orphans.merged(origin, orphanId),
    });
  }

  #buildRollups(): SeriesRollups {
    return new SeriesRollups({
      archive: this.#ports.archive,
      series: this.#observation.series,
      mayWrite: () => this.isLeading() && this.#storeWatch.hasRoom,
      nowMs: () => this.#ports.clock.now().wallMs,
    });
  }

  #buildSessions(): AgentSessions {
    const config = this.#config;
    const { clock, randomness, log } = this.#ports;
    return new AgentSessions({
      coordinatorId: config.id,
      beatIntervalMs: config.beatIntervalMs,
      metricsIntervalMs: config.metricsIntervalMs,
      suspectAfterMs: (nodeId) => this.#livenessOf(nodeId).suspectAfterMs,
      startValidMs: (nodeId) => this.#livenessOf(nodeId).lostAfterMs,
      leadingEpoch: () => this.#leadership.leader?.epoch ?? 0,
      hear: (heard) => this.#hear(heard),
      post: (event) => this.#leadership.leader?.post(event),
      metEpoch: (epoch) => this.#leadership.metEpoch(epoch),
      passingOn: {
        leaderId: () => this.peers.leaderId,
        isMissed: (nodeId, sessionAgeMs) => this.#isMissed(nodeId, sessionAgeMs),
        sendTo: (leaderId, fromAgent, roughBytes) => this.peers.send(leaderId, { fromAgent }, roughBytes),
      },
      sendThrough: (coordinatorId, toAgent, roughBytes) => this.peers.send(coordinatorId, { toAgent }, roughBytes),
      clock,
      seed: () => randomness.seed(),
      log,
    });
  }

  #livenessOf(nodeId: string): LivenessSettings {
    return livenessOf(this.#settings, this.#replica.state.nodes.get(nodeId)?.nodeClass ?? "");
  }

  /** The leader does not hear this node, or has not got to know it though we have heard it for a while. */
  #isMissed(nodeId: string, sessionAgeMs: number): boolean {
    if (!this.#replica.state.nodes.has(nodeId)) return sessionAgeMs >= this.#livenessOf(nodeId).suspectAfterMs;
    const view = this.#observation.peers.get(this.peers.leaderId);
    if (view === undefined || !view.silentForMs.has(nodeId)) return false;
    // After a stall of its own it hears nobody, until it has read what waits for it.
    if (view.hearing.steadyForMs < this.#livenessOf(nodeId).suspectAfterMs) return false;
    return this.#ports.clock.now().steadyMs - view.receivedMs <= this.#settings.peerViewMaxAgeMs;
  }

  #buildPeers(): PeerLinks {
    const { dialPeer, refusesConnections, clock, log, meter } = this.#ports;
    return new PeerLinks({
      self: this.#entry,
      dialPeer,
      refusesConnections,
      clock: { now: () => clock.now(), every: (ms, act) => this.#every(ms, act) },
      hearing: () => this.#hearingView(),
      heardPeer: (coordinatorId, view) => {
        this.#hear({ kind: "peer", hearing: peerHearing(coordinatorId, view) });
        if ((view.leadingEpoch ?? 0) > 0) meter?.leaderSpoke(clock.now());
      },
      received: (coordinatorId, message) => {
        if (message.fromAgent !== undefined) this.sessions.takeRelayed(coordinatorId, message.fromAgent);
        if (message.toAgent !== undefined) this.sessions.carry(message.toAgent);
        this.#orphans.receive(coordinatorId, message);
      },
      peerGone: (coordinatorId) => {
        if (this.#leadership.holder?.holderId === coordinatorId) meter?.leaderGone(clock.now());
        this.#leadership.holderGone(coordinatorId);
      },
      broken: (coordinatorId) => this.sessions.lostCoordinator(coordinatorId),
      failed: (error) => this.#failure.reject(error),
      log,
    });
  }

  #hearingView(): HearingView {
    const now = this.#ports.clock.now();
    // After a stall this may be the first thing to run, and must not witness what was not heard because of it.
    hear(this.#observation, { kind: "turned" }, now);
    return {
      ...silentNodes(this.#observation, this.#replica.state.nodes.values(), this.#settings, now),
      steadyForMs: Math.round(now.steadyMs - this.#observation.steadySinceMs),
      // Of the log that it belongs to, also where the store has become empty.
      revision: formatRevision({
        lineage: this.#replica.history || this.#ports.memory.lineage,
        sequence: this.#replica.position.sequence,
      }),
      leadingEpoch: this.#leadership.leader?.epoch ?? 0,
      reconciledEpoch: this.#leadership.orphans.reconciledEpoch,
    };
  }

  #buildOrphanExchange(): OrphanExchange {
    const { clock, log } = this.#ports;
    const { orphans } = this.#leadership;
    return new OrphanExchange({
      clock,
      send: (coordinatorId, message, roughBytes) => this.peers.send(coordinatorId, message, roughBytes),
      leaderId: () => (this.isLeading() ? "" : this.peers.leaderId),
      orphans: () => orphans.own,
      drop: (orphanId) => orphans.drop(orphanId),
      take: (from, orphan) => {
        orphans.take(this.#leadership.leader, from, orphan).catch((error: unknown) => this.#failure.reject(error));
      },
      log,
    });
  }

  #every(ms: number, act: () => void): Timer {
    return this.#ports.clock.every(ms, () => {
      try {
        act();
      } catch (error) {
        this.#failure.reject(error);
      }
    });
  }

  /** Keeps this coordinator in the list of those that live, and links to the others in it. */
  async #keepListed(): Promise<void> {
    await this.#repeat(announceIntervalMs, async () => {
      await this.#ports.store.announce(this.#entry, announceTtlMs);
      this.#listed = await this.#ports.store.coordinators();
      const others = this.#listed.map(({ id }) => id).filter((id) => id !== this.coordinatorId);
      this.#hear({ kind: "listed", coordinatorIds: others });
      this.peers.setPeers(this.#listed);
    });
  }

  async #repeat(intervalMs: number, act: () => Promise<void>): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        await act();
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error;
        this.#ports.log.debug({ reason: error.message }, "the store does not answer");
      }
      await this.#ports.clock.sleep(intervalMs, signal);
    }
  }
}

function peerHearing(coordinatorId: string, view: HearingView__Output): PeerHearing {
  const { silentNodeIds = [], silentForMs = [], steadyForMs = 0, revision = "", reconciledEpoch = 0 } = view;
  const lineage = parseRevision(revision)?.lineage ?? "";
  return { coordinatorId, silentNodeIds, silentForMs, steadyForMs, lineage, reconciledEpoch };
}
