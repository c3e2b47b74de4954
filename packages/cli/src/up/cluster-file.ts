/** `cluster.json`: the processes of a local cluster, for tools beside it and for whoever finds it after a crash. */
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { endAll } from "./ending.ts";
import { endNodeProcesses } from "./node-processes.ts";

const memberSchema = z.object({
  id: z.string(),
  role: z.enum(["redis", "coordinator", "agent"]),
  /** 0: it does not run. */
  pid: z.number(),
  startTicks: z.number(),
  dataDir: z.string(),
  /** Of a coordinator, `host:port`. */
  address: z.string().optional(),
  /** Where it shows /metrics, `host:port`. */
  metricsAddress: z.string().optional(),
});

const clusterSchema = z.object({
  upPid: z.number(),
  redisUrl: z.string(),
  addresses: z.array(z.string()),
  members: z.array(memberSchema),
});

export type ClusterFile = z.output<typeof clusterSchema>;
export type MemberRole = ClusterFile["members"][number]["role"];

/** How long a process of an earlier run gets to end on its own. */
const leftoverGraceMs = 3_000;

export function writeClusterFile(path: string, content: ClusterFile): void {
  writeFileSync(`${path}.new`, `${JSON.stringify(content, null, 2)}\n`);
  renameSync(`${path}.new`, path);
}

/** Null when there is none, or none that can be read: then there is nothing to be known about an earlier run. */
export function readClusterFile(path: string): ClusterFile | null {
  try {
    return clusterSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT" || error instanceof SyntaxError) return null;
    if (error instanceof z.ZodError) return null;
    throw error;
  }
}

/** Ends what an earlier run, which did not get to it, left behind: agents and their tasks, coordinators, then Redis. */
export async function stopLeftovers({ members }: ClusterFile): Promise<void> {
  for (const role of ["agent", "coordinator", "redis"] as const) {
    const ofRole = members.filter((member) => member.role === role);
    await endAll(
      ofRole.filter(({ pid }) => pid > 0),
      leftoverGraceMs,
    );
    if (role === "agent") await Promise.all(ofRole.map(({ dataDir }) => endNodeProcesses(dataDir, leftoverGraceMs)));
  }
}
