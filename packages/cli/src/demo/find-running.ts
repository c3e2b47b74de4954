/** Finds the cluster that `holdfast up` runs for this folder. */
import { dirname, join, resolve } from "node:path";
import { clusterOwner } from "../up/cluster-lock.ts";
import { ClusterLayout } from "../up/layout.ts";

export function isRunning(dataDir: string): boolean {
  return clusterOwner(new ClusterLayout(dataDir).lockFile) !== null;
}

/** The data folder, `.holdfast` in this folder or one above it, of a cluster that runs; null when there is none. */
export function findRunningCluster(folder: string): string | null {
  for (let here = resolve(folder); ; here = dirname(here)) {
    const dataDir = join(here, ".holdfast");
    if (isRunning(dataDir)) return dataDir;
    if (dirname(here) === here) return null;
  }
}
