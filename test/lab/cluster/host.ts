/**
 * One host of a lab: the processes that were started in its network namespace, and everything that these have started.
 */
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { Member, type MemberWatch } from "@holdfast/cli/up/member.ts";
import { processStatus, signalProcess } from "@holdfast/cli/up/process-identity.ts";
import { run } from "../network/command.ts";
import type { HostPlace } from "../network/network.ts";

export interface Program {
  readonly id: string;
  readonly role: "redis" | "coordinator" | "agent";
  readonly command: string;
  readonly args: readonly string[];
}

const killRounds = 50;

export class Host implements HostPlace {
  readonly name: string;
  readonly address: string;
  readonly namespace: string;
  /** Where its programs keep their things. */
  readonly folder: string;
  readonly members: Member[] = [];
  readonly #watch: MemberWatch;

  /** @param folder is made */
  constructor({ name, address, namespace }: HostPlace, folder: string, watch: MemberWatch) {
    this.name = name;
    this.address = address;
    this.namespace = namespace;
    this.folder = folder;
    this.#watch = watch;
    mkdirSync(folder, { recursive: true });
  }

  /** Plans a program, which runs from its `start` on. */
  install({ id, role, command, args }: Program): Member {
    const dataDir = join(this.folder, id);
    mkdirSync(dataDir, { recursive: true });
    const member = new Member(
      {
        id,
        role,
        command: "nsenter",
        args: [`--net=/run/netns/${this.namespace}`, "--", command, ...args],
        logFile: join(this.folder, `${id}.log`),
        dataDir,
      },
      this.#watch,
    );
    this.members.push(member);
    return member;
  }

  /** All at one moment: nothing gets to record or clean up anything, and nothing is started again until `start`. */
  async kill(): Promise<void> {
    const dead = this.members.map((member) => member.kill());
    for (let round = 0; round < killRounds; round += 1) {
      const pids = await this.pids();
      if (pids.length === 0) break;
      for (const pid of pids) {
        const status = processStatus(pid);
        if (status !== null) signalProcess(status, "SIGKILL");
      }
    }
    await Promise.all(dead);
  }

  async start(): Promise<void> {
    await Promise.all(this.members.map((member) => member.start()));
  }

  /** Of every process there. */
  async pids(): Promise<number[]> {
    if (!existsSync(`/run/netns/${this.namespace}`)) return [];
    const listed = await run("ip", ["netns", "pids", this.namespace]);
    return listed.split("\n").filter(Boolean).map(Number);
  }
}
