/**
 * Who made this machine, asked once, in a process of its own: systeminformation blocks its event loop for tens of
 * milliseconds, starts processes that can hang, and would stay in the agent's memory for good (7 MiB). A process can be
 * waited for with a limit, and killed.
 */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import * as v from "valibot";

const probePath = fileURLToPath(new URL("./machine-identity-probe.ts", import.meta.url));

const identitySchema = v.object({
  manufacturer: v.string(),
  model: v.string(),
  /** The hypervisor, "unknown" for one that does not say its name, empty on bare metal. */
  virtualization: v.string(),
});

export type MachineIdentity = v.InferOutput<typeof identitySchema>;

export const unknownMachine: MachineIdentity = { manufacturer: "", model: "", virtualization: "" };

/** Rejects when the probe fails or takes longer than `timeoutMs`. */
export function readMachineIdentity(timeoutMs = 10_000): Promise<MachineIdentity> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [probePath], { timeout: timeoutMs, killSignal: "SIGKILL" }, (error, stdout, stderr) => {
      if (error !== null) {
        const how = error.killed ? `gave no answer in ${timeoutMs} ms` : `failed: ${stderr.trim().slice(-300)}`;
        return reject(new Error(`the probe for the machine's identity ${how}`, { cause: error }));
      }
      try {
        resolve(v.parse(identitySchema, JSON.parse(stdout)));
      } catch (cause) {
        reject(new Error(`the probe for the machine's identity said "${stdout.slice(0, 200)}"`, { cause }));
      }
    });
  });
}
