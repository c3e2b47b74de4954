/** One call of a client to one coordinator over the simulated network, and how it ends. */
import type { Coordinator } from "@holdfast/coordinator/coordinator.ts";
import { HoldfastError } from "@holdfast/shared/errors.ts";
import type { SimulatedCoordinator } from "../cluster/simulated-coordinator.ts";
import type { SimulatedProcess } from "../machine/simulated-process.ts";
import type { Network } from "../network/network.ts";

export type Outcome<Result> =
  | { readonly kind: "answered"; readonly result: Result }
  | { readonly kind: "refused"; readonly error: HoldfastError }
  /** It may or may not have been done. */
  | { readonly kind: "unanswered" };

export interface CallParts<Result> {
  readonly network: Network;
  readonly from: SimulatedProcess;
  readonly to: SimulatedCoordinator;
  /** Performed by the coordinator, with what its API offers. */
  readonly act: (coordinator: Coordinator) => Promise<Result>;
  readonly timeoutMs: number;
  /** It is performed twice, as by a proxy that repeats it; the client gets the later answer. */
  readonly twice: boolean;
  /** Something that is no refusal came out: a defect. */
  readonly crashed: (error: unknown) => void;
}

export function call<Result>(parts: CallParts<Result>): Promise<Outcome<Result>> {
  const { network, from, to, act, timeoutMs, twice, crashed } = parts;
  return new Promise((resolve) => {
    const timer = from.after(timeoutMs, () => resolve({ kind: "unanswered" }));
    const settle = (outcome: Outcome<Result>) => {
      timer.cancel();
      resolve(outcome);
    };
    const answer = (outcome: Outcome<Result>) => {
      const back = network.path(to.machine, from.machine);
      back.whenOpen(() => network.time.after(back.drawDelayMs(), () => from.run(() => settle(outcome))));
    };
    const perform = (coordinator: Coordinator, isLast: boolean) =>
      act(coordinator).then(
        (result) => isLast && answer({ kind: "answered", result }),
        (error: unknown) => {
          if (!(error instanceof HoldfastError)) crashed(error);
          else if (isLast) answer({ kind: "refused", error });
        },
      );
    const arrive = () => {
      const { process, coordinator } = to;
      if (process === null || coordinator === null) {
        if (to.machine.isUp) answer({ kind: "refused", error: new HoldfastError("unavailable", "connection refused") });
        return;
      }
      process.onDeath((how) => how !== "machineDown" && answer({ kind: "unanswered" }));
      process.run(() => {
        if (twice) void perform(coordinator, false);
        void perform(coordinator, true);
      });
    };
    const there = network.path(from.machine, to.machine);
    there.whenOpen(() => network.time.after(there.drawDelayMs(), arrive));
  });
}
