/**
 * Settings that come from the environment and from flags instead of the file.
 *
 * `HOLDFAST_COORDINATOR_LEASE_TTL_MS=5s` is `leaseTtlMs`, `HOLDFAST_AGENT_TLS__CA_FILE` is `tls.caFile`; a flag names
 * the dotted path (`tls.caFile=ca.pem`). What should be text is taken as it stands, a list may be separated by commas,
 * and anything else is read as YAML.
 */
import { parse as parseYaml } from "yaml";

export interface Override {
  /** How the person wrote it: a variable's name, or `--set` with its key. */
  readonly place: string;
  readonly path: readonly string[];
  readonly value: string;
}

/** The part of JSON Schema that tells how an override's text is to be read. */
export interface SettingShape {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, SettingShape>>;
  readonly additionalProperties?: SettingShape | boolean;
  /** Of a list. */
  readonly items?: SettingShape | boolean;
}

export type Environment = Readonly<Record<string, string | undefined>>;

export function overridesFromEnvironment(environment: Environment, prefix: string): Override[] {
  return Object.entries(environment).flatMap(([name, value]): Override[] => {
    if (!name.startsWith(prefix) || value === undefined) return [];
    return [{ place: name, path: name.slice(prefix.length).split("__").map(toCamelCase), value }];
  });
}

/** @param flags dotted path of a setting to its text, as from `--set path=text` */
export function overridesFromFlags(flags: Readonly<Record<string, string>>): Override[] {
  return Object.entries(flags).map(([key, value]): Override => {
    return { place: `--set ${key}`, path: key.split("."), value };
  });
}

/** The values with the overrides in place, later ones first in rank; the given values are left alone. */
export function withOverrides(
  values: Readonly<Record<string, unknown>>,
  overrides: readonly Override[],
  shape: SettingShape,
): Record<string, unknown> {
  const result = structuredClone(values) as Record<string, unknown>;
  for (const override of overrides) {
    const last = override.path.at(-1) ?? "";
    let parent = result;
    for (const key of override.path.slice(0, -1)) parent = childOf(parent, key);
    setOwn(parent, last, readText(override.value, shapeAt(shape, override.path)));
  }
  return result;
}

/** The shape of the settings at a path; undefined where the schema knows none. */
export function shapeAt(shape: SettingShape, path: readonly PropertyKey[]): SettingShape | undefined {
  return path.reduce<SettingShape | undefined>((current, key) => childShape(current, String(key)), shape);
}

function childShape(shape: SettingShape | undefined, key: string): SettingShape | undefined {
  const { properties, additionalProperties, items } = shape ?? {};
  if (properties !== undefined && Object.hasOwn(properties, key)) return properties[key];
  if (typeof items === "object") return items;
  return typeof additionalProperties === "object" ? additionalProperties : undefined;
}

function readText(value: string, shape: SettingShape | undefined): unknown {
  if (shape?.type === "string") return value;
  if (shape?.type === "array" && !value.trimStart().startsWith("[")) return value.split(",").map((item) => item.trim());
  try {
    return parseYaml(value);
  } catch {
    // Not YAML: the schema says what it should have been.
    return value;
  }
}

function childOf(parent: Record<string, unknown>, key: string): Record<string, unknown> {
  const existing = Object.hasOwn(parent, key) ? parent[key] : undefined;
  if (typeof existing === "object" && existing !== null && !Array.isArray(existing)) {
    return existing as Record<string, unknown>;
  }
  const child: Record<string, unknown> = {};
  setOwn(parent, key, child);
  return child;
}

/** An own property even where the key is `__proto__`. */
function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
}

function toCamelCase(name: string): string {
  return name.toLowerCase().replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
