/**
 * A configuration file with the place of every setting in it.
 */
import { isMap, isPair, LineCounter, type Node, parseDocument } from "yaml";
import { ConfigError, type ConfigMistake } from "./config-error.ts";

export type SettingPath = readonly PropertyKey[];

export interface YamlSource {
  readonly values: Readonly<Record<string, unknown>>;
  /** `file:line:column` of the setting, or of the nearest mapping around it when it is not there. */
  placeOf(path: SettingPath): string;
  /** The same for a key itself, for settings that should not be there. */
  placeOfKey(path: SettingPath): string;
}

/**
 * @param name how the file is called in mistakes
 * @throws ConfigError when the text is not YAML, or not a mapping
 */
export function readYaml(name: string, content: string): YamlSource {
  const lines = new LineCounter();
  const document = parseDocument(content, { lineCounter: lines, prettyErrors: false });
  const placeAt = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${name}:${line}:${col}`;
  };
  const faults = [...document.errors, ...document.warnings].map((fault): ConfigMistake => {
    return { place: placeAt(fault.pos[0]), setting: "", message: fault.message };
  });
  if (faults.length > 0) throw new ConfigError(faults);

  const { contents } = document;
  if (contents !== null && !isMap(contents)) {
    const message = 'must be a mapping of settings, such as "listen: 127.0.0.1:7400"';
    throw new ConfigError([{ place: placeAt(contents.range?.[0] ?? 0), setting: "", message }]);
  }

  const nodeAt = (path: SettingPath): Node | undefined => {
    const node = document.getIn(path, true);
    return typeof node === "object" && node !== null ? (node as Node) : undefined;
  };
  return {
    values: contents === null ? {} : (document.toJS() as Record<string, unknown>),
    placeOf(path) {
      for (let length = path.length; length > 0; length -= 1) {
        const start = nodeAt(path.slice(0, length))?.range?.[0];
        if (start !== undefined) return placeAt(start);
      }
      return placeAt(0);
    },
    placeOfKey(path) {
      const parent = path.length === 1 ? contents : nodeAt(path.slice(0, -1));
      const pair = isMap(parent) ? parent.items.find((item) => isPair(item) && String(item.key) === path.at(-1)) : null;
      const start = (pair?.key as Node | undefined)?.range?.[0];
      return start === undefined ? this.placeOf(path) : placeAt(start);
    },
  };
}
