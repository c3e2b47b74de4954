/**
 * Prints, as one line of JSON, who made this machine; run by `machine-identity.ts` as a process of its own.
 *
 * `system` is the one call of systeminformation that is needed, for the many ways in which firmware, boards and
 * hypervisors tell their names. It starts about fifteen processes.
 */
import { system } from "systeminformation";

const { manufacturer, model, virtual, virtualHost } = await system();
const virtualization = virtual ? (virtualHost ?? "") || "unknown" : "";
process.stdout.write(JSON.stringify({ manufacturer, model, virtualization }));
