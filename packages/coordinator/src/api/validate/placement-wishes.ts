/** Where a task may run: labels, constraints and resources. */
import type { Constraint__Output } from "@holdfast/shared/contract/generated/holdfast/v1/Constraint.ts";
import type { Resources__Output } from "@holdfast/shared/contract/generated/holdfast/v1/Resources.ts";
import type { PlacementConstraint, ResourceAmounts } from "../../core/record.ts";
import { integer, quoted, type Violations } from "./violations.ts";

const maxLabels = 64;
const maxConstraints = 32;
const maxConstraintValues = 64;
const maxCounts = 16;
const maxCpuMillis = 10_000_000;
const maxMemoryBytes = 2 ** 50;
const maxCount = 65_536;

const keyPattern = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,62}$/;
const keyRule = "keys are 1 to 63 of A-Z a-z 0-9 . _ / -, with a letter or digit first";
const valuePattern = /^[A-Za-z0-9._:/@+-]{1,63}$/;
const valueRule = "values are 1 to 63 of A-Z a-z 0-9 . _ : / @ + -";
const countNamePattern = /^[a-z][a-z0-9_-]{0,31}$/;

type Labels = Readonly<Record<string, string>>;
const noLabels: Labels = Object.freeze({});

export function checkLabels(violations: Violations, labels: Labels | undefined, field = "labels"): Labels {
  if (labels === undefined) return noLabels;
  const keys = Object.keys(labels);
  if (keys.length > maxLabels) {
    violations.add(field, `has ${keys.length} entries; at most ${maxLabels} are allowed`);
    return noLabels;
  }
  for (const key of keys) {
    const value = labels[key] as string;
    if (!keyPattern.test(key)) violations.add(field, `has the key ${quoted(key)}; ${keyRule}`);
    else if (!valuePattern.test(value)) violations.add(`${field}[${key}]`, `is ${quoted(value)}; ${valueRule}`);
  }
  return labels;
}

const operators: Readonly<Record<string, PlacementConstraint["operator"]>> = {
  OPERATOR_IN: "in",
  OPERATOR_NOT_IN: "notIn",
  OPERATOR_EXISTS: "exists",
  OPERATOR_NOT_EXISTS: "notExists",
};

const noConstraints: readonly PlacementConstraint[] = Object.freeze([]);

export function checkConstraints(
  violations: Violations,
  constraints: readonly Constraint__Output[] | undefined,
): readonly PlacementConstraint[] {
  if (constraints === undefined || constraints.length === 0) return noConstraints;
  if (constraints.length > maxConstraints) {
    violations.add("constraints", `has ${constraints.length} entries; at most ${maxConstraints} are allowed`);
    return noConstraints;
  }
  return constraints.map((constraint, index) => checkConstraint(violations, constraint, `constraints[${index}]`));
}

function checkConstraint(violations: Violations, constraint: Constraint__Output, field: string): PlacementConstraint {
  const { key = "", values = [], operator: sent = "OPERATOR_UNSPECIFIED" } = constraint;
  if (!keyPattern.test(key)) violations.add(`${field}.key`, `is ${quoted(key)}; ${keyRule}`);
  // A number beyond the enum arrives as a number.
  const operator = operators[String(sent)];
  if (operator === undefined) {
    violations.add(`${field}.operator`, `is ${sent}; use IN, NOT_IN, EXISTS or NOT_EXISTS`);
    return { key, operator: "exists", values };
  }
  checkValues(violations, operator, values, `${field}.values`);
  return { key, operator, values };
}

function checkValues(
  violations: Violations,
  operator: PlacementConstraint["operator"],
  values: readonly string[],
  field: string,
): void {
  const wantsValues = operator === "in" || operator === "notIn";
  if (wantsValues && values.length === 0) return violations.add(field, "is empty; IN and NOT_IN compare with values");
  if (!wantsValues && values.length > 0) return violations.add(field, "must be empty for EXISTS and NOT_EXISTS");
  if (values.length > maxConstraintValues) {
    return violations.add(field, `has ${values.length} entries; at most ${maxConstraintValues} are allowed`);
  }
  for (const [index, value] of values.entries()) {
    // Nodes' own facts, such as a hostname, are compared too: any text without control characters will do.
    if (value === "" || value.length > 253 || /\p{Cc}/u.test(value)) {
      violations.add(`${field}[${index}]`, `is ${quoted(value)}; use 1 to 253 printable characters`);
    }
  }
}

const noCounts: Readonly<Record<string, number>> = Object.freeze({});
const noResources: ResourceAmounts = Object.freeze({ cpuMillis: 0, memoryBytes: 0, counts: noCounts });

export function checkResources(violations: Violations, resources: Resources__Output | undefined): ResourceAmounts {
  if (resources === undefined) return noResources;
  return {
    cpuMillis: integer(violations, "resources.cpu_millis", resources.cpuMillis, 0, maxCpuMillis),
    memoryBytes: integer(violations, "resources.memory_bytes", resources.memoryBytes, 0, maxMemoryBytes),
    counts: checkCounts(violations, resources.counts),
  };
}

function checkCounts(violations: Violations, counts: Record<string, number> | undefined): Record<string, number> {
  if (counts === undefined) return noCounts;
  const names = Object.keys(counts);
  if (names.length > maxCounts) {
    violations.add("resources.counts", `has ${names.length} entries; at most ${maxCounts} are allowed`);
    return noCounts;
  }
  const checked: Record<string, number> = {};
  for (const name of names) {
    if (!countNamePattern.test(name)) {
      violations.add(
        "resources.counts",
        `has the name ${quoted(name)}; names are 1 to 32 of a-z 0-9 _ -, a letter first`,
      );
      continue;
    }
    const amount = integer(violations, `resources.counts[${name}]`, counts[name], 0, maxCount);
    if (amount > 0) checked[name] = amount;
  }
  return checked;
}
