/** What attempts on a node may be promised: the machine less what is kept for the system, or what the operator says. */
import type { Resources__Output } from "@holdfast/shared/contract/generated/holdfast/v1/Resources.ts";
import { type FieldViolation, HoldfastError } from "@holdfast/shared/errors.ts";

export interface ResourceReserve {
  readonly cpuMillis: number;
  readonly memoryBytes: number;
}

export interface AllocatableOptions {
  /** Kept for the system and the agent. */
  readonly reserved: ResourceReserve;
  /** Taken as they are instead of machine less reserve; may promise more than there is. */
  readonly override?: { readonly cpuMillis?: number; readonly memoryBytes?: number };
  /** Further named counts; one called `gpu` replaces the number of GPUs found. */
  readonly counts?: Readonly<Record<string, number>>;
}

export interface MachineCapacity {
  readonly cpuMillis: number;
  readonly memoryBytes: number;
  readonly gpus: number;
}

/** Throws `invalidArgument` naming each reserve that leaves nothing of the machine. */
export function allocatableOf(machine: MachineCapacity, options: AllocatableOptions): Required<Resources__Output> {
  const { reserved, override, counts } = options;
  const cpuMillis = override?.cpuMillis ?? machine.cpuMillis - reserved.cpuMillis;
  const memoryBytes = override?.memoryBytes ?? machine.memoryBytes - reserved.memoryBytes;
  const violations: FieldViolation[] = [];
  if (cpuMillis <= 0) violations.push(nothingLeft("cpuMillis", reserved, machine));
  if (memoryBytes <= 0) violations.push(nothingLeft("memoryBytes", reserved, machine));
  const [first] = violations;
  if (first !== undefined) {
    throw new HoldfastError("invalidArgument", `${first.field}: ${first.description}`, { fields: violations });
  }
  return { cpuMillis, memoryBytes, counts: { ...(machine.gpus > 0 ? { gpu: machine.gpus } : {}), ...counts } };
}

function nothingLeft(
  field: keyof ResourceReserve,
  reserved: ResourceReserve,
  machine: MachineCapacity,
): FieldViolation {
  const description = `${reserved[field]} leaves nothing of the ${machine[field]} here; reserve less, or set an override`;
  return { field: `reserved.${field}`, description };
}
