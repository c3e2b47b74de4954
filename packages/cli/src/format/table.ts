/** Columns without borders, aligned by what the terminal shows. */
import Table from "cli-table3";
import type { Colours } from "./colours.ts";

const noBorders = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "  ",
};

const style = { head: [], border: [], "padding-left": 0, "padding-right": 0 };

/** Rows under a heading, "" included; lines have no spaces at their ends. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[], colours: Colours): string {
  const columns = new Table({ chars: noBorders, style });
  columns.push(heads.map((head) => colours.dim(head)));
  for (const row of rows) columns.push([...row]);
  return withoutTrailingSpace(columns.toString());
}

/** Names and values beneath each other; undefined values are left out. */
export function properties(entries: readonly (readonly [string, string | undefined])[], colours: Colours): string {
  const columns = new Table({ chars: noBorders, style });
  for (const [name, value] of entries) if (value !== undefined) columns.push([colours.dim(name), value]);
  return withoutTrailingSpace(columns.toString());
}

function withoutTrailingSpace(text: string): string {
  return text
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}
