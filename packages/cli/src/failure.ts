/** From anything that was thrown to lines for a person, and an exit code. */
import type { HoldfastError } from "@holdfast/shared/errors.ts";
import { CommanderError } from "commander";
import { UsageError } from "./usage-error.ts";

export interface Failure {
  readonly exitCode: number;
  /** Without the "holdfast: " in front. Empty: it has been said already. */
  readonly lines: readonly string[];
}

const usageExitCode = 2;

export async function describeFailure(thrown: unknown): Promise<Failure> {
  if (thrown instanceof CommanderError) return { exitCode: thrown.exitCode === 0 ? 0 : usageExitCode, lines: [] };
  if (thrown instanceof UsageError) return { exitCode: usageExitCode, lines: thrown.message.split("\n") };
  if (thrown instanceof Error && thrown.name === "HoldfastError") return describeHoldfastError(thrown as HoldfastError);
  return {
    exitCode: 1,
    lines: [`a defect of this command: ${thrown instanceof Error ? thrown.stack : String(thrown)}`],
  };
}

async function describeHoldfastError(error: HoldfastError): Promise<Failure> {
  // Not imported above: it brings gRPC along, which a command that only prints its help does not need.
  const { exitCodeOf } = await import("@holdfast/shared/errors.ts");
  const fields = error.fields
    .filter(({ field, description }) => !error.message.includes(`${field}: ${description}`))
    .map(({ field, description }) => `  ${field}: ${description}`);
  const remedy = remedies[error.code];
  return {
    exitCode: exitCodeOf(error.code),
    lines: [error.message, ...fields, ...(remedy === undefined ? [] : [`  ${remedy}`])],
  };
}

const remedies: Partial<Record<HoldfastError["code"], string>> = {
  unavailable:
    "is the cluster up, and its Redis? `holdfast up` starts one; --address, HOLDFAST_ADDRESS or .holdfast/client.yaml say where it is",
  deadlineExceeded: "give it longer, or look at `holdfast status`",
  notFound: "`holdfast ps --all` and `holdfast nodes` list what there is; tasks belong to a --namespace",
  unauthenticated: "give this client's certificate with --ca-file, --certificate-file and --key-file",
};
