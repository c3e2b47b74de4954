/**
 * Loads one daemon's configuration: the file, overridden by the environment, overridden by flags; checked as a whole,
 * and frozen.
 */
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { z } from "zod";
import { ConfigError, type ConfigMistake } from "./config-error.ts";
import { nearMiss } from "./near-miss.ts";
import {
  type Environment,
  type Override,
  overridesFromEnvironment,
  overridesFromFlags,
  type SettingShape,
  shapeAt,
  withOverrides,
} from "./overrides.ts";
import { isRelationIssue } from "./relation.ts";
import { readYaml, type SettingPath, type YamlSource } from "./yaml-source.ts";

export interface ConfigSources {
  /** Path of the YAML file. Relative paths inside it are relative to its folder. Absent: defaults and overrides only. */
  readonly file?: string | undefined;
  /** Dotted path of a setting to its text. */
  readonly flags?: Readonly<Record<string, string>>;
  readonly env?: Environment;
}

export type Frozen<T> = T extends object ? { readonly [Key in keyof T]: Frozen<T[Key]> } : T;

/**
 * @param prefix of the environment's variables, with its last underscore
 * @throws ConfigError with every mistake
 */
export function loadConfig<Schema extends z.ZodType>(
  schema: Schema,
  prefix: string,
  { file, flags = {}, env = process.env }: ConfigSources,
): Frozen<z.output<Schema>> {
  const source = readYaml(file ?? "settings", file === undefined ? "" : readConfigFile(file));
  const overrides = [...overridesFromEnvironment(env, prefix), ...overridesFromFlags(flags)];
  const shape = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as SettingShape;
  const values = withOverrides(source.values, overrides, shape);
  const result = schema.safeParse(values);
  if (result.success) return freeze(result.data) as Frozen<z.output<Schema>>;
  const report: Report = { source, overrides, values, shape };
  throw new ConfigError(result.error.issues.flatMap((issue) => mistakesOf(issue, report)));
}

/** Makes the paths of a configuration absolute, counted from its file's folder. */
export function pathResolver(file: string | undefined): (path: string) => string {
  const folder = file === undefined ? process.cwd() : dirname(resolve(file));
  return (path) => resolve(folder, path);
}

interface Report {
  readonly source: YamlSource;
  readonly overrides: readonly Override[];
  readonly values: Readonly<Record<string, unknown>>;
  readonly shape: SettingShape;
}

function readConfigFile(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError([{ place: file, setting: "", message: `cannot be read: ${reason}` }]);
  }
}

function mistakesOf(issue: z.core.$ZodIssue, report: Report): ConfigMistake[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => unknownSetting([...issue.path, key], report));
  }
  return [{ place: placeOf(issue.path, report), setting: issue.path.join("."), message: messageOf(issue, report) }];
}

function messageOf(issue: z.core.$ZodIssue, { values }: Report): string {
  if (isRelationIssue(issue)) return issue.message;
  const value = valueAt(values, issue.path);
  return value === undefined ? `is missing; ${issue.message}` : `${issue.message}; it is ${show(value)}`;
}

function unknownSetting(path: SettingPath, report: Report): ConfigMistake {
  const known = Object.keys(shapeAt(report.shape, path.slice(0, -1))?.properties ?? {});
  const meant = nearMiss(String(path.at(-1)), known);
  const remedy = meant === null ? `known are ${known.join(", ")}` : `did you mean ${meant}?`;
  return {
    place: overrideAt(path, report)?.place ?? report.source.placeOfKey(path),
    setting: path.join("."),
    message: `is not a setting; ${remedy}`,
  };
}

function placeOf(path: SettingPath, report: Report): string {
  return overrideAt(path, report)?.place ?? report.source.placeOf(path);
}

/** The last override that set the value at the path, or something around it or in it. */
function overrideAt(path: SettingPath, { overrides }: Report): Override | undefined {
  return overrides.findLast((override) => {
    const length = Math.min(override.path.length, path.length);
    return length > 0 && override.path.slice(0, length).every((key, index) => key === String(path[index]));
  });
}

function valueAt(values: unknown, path: SettingPath): unknown {
  let value = values;
  for (const key of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

function show(value: unknown): string {
  const shown = JSON.stringify(value) ?? String(value);
  return shown.length > 80 ? `${shown.slice(0, 80)}…` : shown;
}

function freeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    for (const child of Object.values(value)) freeze(child);
    Object.freeze(value);
  }
  return value;
}
