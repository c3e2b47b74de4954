/** Every known bug that the simulator must find. */
import { agentMutants } from "./agent-mutants.ts";
import { coordinatorMutants } from "./coordinator-mutants.ts";
import type { Mutant } from "./mutant.ts";
import { recoveryMutants } from "./recovery-mutants.ts";
import { relayMutants } from "./relay-mutants.ts";

export const allMutants: readonly Mutant[] = [
  ...coordinatorMutants,
  ...recoveryMutants,
  ...relayMutants,
  ...agentMutants,
];

/** @throws Error when there is none of that name. */
export function mutantNamed(name: string): Mutant {
  const mutant = allMutants.find((one) => one.name === name);
  if (mutant === undefined) {
    throw new Error(`there is no mutant "${name}"; there are ${allMutants.map((one) => one.name).join(", ")}`);
  }
  return mutant;
}
