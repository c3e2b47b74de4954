/** How each kind of fault strikes a cluster in a lab, and how it is healed. */
import type { Member } from "@holdfast/cli/up/member.ts";
import type { Host } from "../cluster/host.ts";
import type { CoordinatorDaemon, LabCluster } from "../cluster/lab-cluster.ts";
import { between, flow, type NetworkFault } from "../network/network.ts";
import type { FaultKind, PlannedFault } from "./plan.ts";
import type { Roles } from "./roles.ts";

export interface Struck {
  /** Whom it struck, for the record. */
  readonly target: string;
  /** Whose processes are no other fault's business until it is healed, and whose link. */
  readonly busyHost?: Host;
  readonly slowHost?: Host;
  heal(): Promise<void>;
}

/** Null: there is nobody whom it could strike now. */
type Strike = (stage: Stage, fault: PlannedFault) => Promise<Struck | null>;

export interface Stage {
  readonly cluster: LabCluster;
  readonly roles: Roles;
}

export const strikes: Readonly<Record<FaultKind, Strike>> = {
  killLeader: async ({ roles }) => kill(roles.free(await roles.leader())),
  pauseLeader: async ({ roles }) => pause(roles.free(await roles.leader())),
  stopLeader: async ({ roles }) => stop(roles.free(await roles.leader())),
  killStandby: async ({ roles }, { choice }) => kill(roles.free(await roles.standby(choice))),
  pauseStandby: async ({ roles }, { choice }) => pause(roles.free(await roles.standby(choice))),
  killCoordinatorHost: async ({ cluster, roles }) => killHost(cluster, roles.free(await roles.leader())?.host),

  killAgent: async ({ roles }, { choice }) => kill(roles.free(roles.agent(choice))),
  pauseAgent: async ({ roles }, { choice }) => pause(roles.free(roles.agent(choice))),
  restartAgent: async ({ roles }, { choice }) => stop(roles.free(roles.agent(choice))),
  killAgentHost: async ({ cluster, roles }, { choice }) => killHost(cluster, roles.free(roles.agent(choice))?.host),

  killPrimary: async ({ cluster, roles }) => {
    const host = await roles.primary();
    return host === null ? null : killMember(host, cluster.redis.serverOf(host));
  },
  pausePrimary: async ({ cluster, roles }) => {
    const host = await roles.primary();
    return host === null ? null : pauseMember(host, cluster.redis.serverOf(host));
  },
  killPrimaryHost: async ({ cluster, roles }) => killHost(cluster, await roles.primary()),
  killReplica: async ({ cluster, roles }, { choice }) => {
    const host = await roles.replica(choice);
    return host === null ? null : killMember(host, cluster.redis.serverOf(host));
  },
  killSentinel: async ({ cluster, roles }, { choice }) => {
    const host = await roles.replica(choice);
    const sentinel = host === null ? undefined : cluster.redis.sentinelOf(host);
    return host === null || sentinel === undefined ? null : killMember(host, sentinel);
  },

  cutAgent: async ({ cluster, roles }, { choice }) => {
    const { host } = roles.agent(choice);
    return cut(host.name, [await cluster.network.drop(between([host], coordinatorHosts(cluster)))]);
  },
  cutAgentOneWay: async ({ cluster, roles }, { choice }) => {
    const { host } = roles.agent(choice);
    const away = choice % 2 === 0;
    const one = away ? flow([host], coordinatorHosts(cluster)) : flow(coordinatorHosts(cluster), [host]);
    return cut(`${away ? "from" : "to"} ${host.name}`, [await cluster.network.drop([one])]);
  },
  cutLeaderFromRedis: async ({ cluster, roles }) => {
    const leader = await roles.leader();
    return leader && cut(leader.id, [await cluster.network.drop(between([leader.host], cluster.redis.hosts))]);
  },
  cutLeaderFromAgents: async ({ cluster, roles }) => {
    const leader = await roles.leader();
    const agents = cluster.agents.map(({ host }) => host);
    return leader && cut(leader.id, [await cluster.network.drop(between([leader.host], agents))]);
  },
  cutLeaderFromAll: async ({ cluster, roles }) => {
    const leader = await roles.leader();
    return leader && isolate(cluster, [leader.host]);
  },
  cutPrimary: async ({ cluster, roles }) => {
    const primary = await roles.primary();
    return primary && isolate(cluster, [primary]);
  },
  cutLeaderAndPrimary: async ({ cluster, roles }) => {
    const [leader, primary] = [await roles.leader(), await roles.primary()];
    return leader && primary && isolate(cluster, [leader.host, primary]);
  },
  cutEverybody: async ({ cluster }) => {
    const { hosts } = cluster;
    const cuts = hosts.slice(0, -1).map((host, index) => between([host], hosts.slice(index + 1)));
    return cut("everybody", [await cluster.network.drop(cuts.flat())]);
  },

  loss: async ({ cluster, roles }, { choice, percent }) => {
    const host = roles.anyHost(choice);
    const others = cluster.hosts.filter((one) => one !== host);
    return cut(`${percent} % of ${host.name}`, [await cluster.network.drop(between([host], others), percent)]);
  },
  lossEverywhere: async ({ cluster }, { percent }) => {
    return cut(`${percent} %`, [await cluster.network.drop([flow(cluster.hosts, cluster.hosts)], percent)]);
  },
  delay: async ({ cluster, roles }, { choice, delayMs }) => {
    const host = roles.freeLink(choice);
    if (host === null) return null;
    const slow = await cluster.network.delay(host, delayMs, delayMs / 4);
    return { ...cut(`${delayMs} ms at ${host.name}`, [slow]), slowHost: host };
  },
  reset: async ({ cluster, roles }, { choice }) => {
    const host = roles.anyHost(choice);
    const others = cluster.hosts.filter((one) => one !== host);
    return cut(host.name, [await cluster.network.reset(others, host)]);
  },
};

function coordinatorHosts({ coordinators }: LabCluster): Host[] {
  return coordinators.map(({ host }: CoordinatorDaemon) => host);
}

async function isolate(cluster: LabCluster, hosts: readonly Host[]): Promise<Struck> {
  const others = cluster.hosts.filter((one) => !hosts.includes(one));
  return cut(hosts.map(({ name }) => name).join(" and "), [await cluster.network.drop(between(hosts, others))]);
}

function cut(target: string, faults: readonly NetworkFault[]): Struck {
  const heal = async () => {
    await Promise.all(faults.map((fault) => fault.heal()));
  };
  return { target, heal };
}

/** A machine that has died says nothing more, not even that its connections are closed. */
async function killHost(cluster: LabCluster, host: Host | null | undefined): Promise<Struck | null> {
  if (host === null || host === undefined) return null;
  const others = cluster.hosts.filter((one) => one !== host);
  const silence = await cluster.network.drop(between([host], others));
  await host.kill();
  const heal = async () => {
    await silence.heal();
    await host.start();
  };
  return { target: host.name, busyHost: host, heal };
}

interface Target {
  readonly host: Host;
  readonly member: Member;
}

async function kill(target: Target | null): Promise<Struck | null> {
  return target && killMember(target.host, target.member);
}

async function killMember(host: Host, member: Member): Promise<Struck> {
  await member.kill();
  return { target: `${member.id} on ${host.name}`, busyHost: host, heal: () => member.start() };
}

async function pause(target: Target | null): Promise<Struck | null> {
  return target && pauseMember(target.host, target.member);
}

async function pauseMember(host: Host, member: Member): Promise<Struck> {
  member.pause();
  return { target: `${member.id} on ${host.name}`, busyHost: host, heal: async () => member.resume() };
}

async function stop(target: Target | null): Promise<Struck | null> {
  if (target === null) return null;
  const { host, member } = target;
  await member.stop();
  return { target: `${member.id} on ${host.name}`, busyHost: host, heal: () => member.start() };
}
