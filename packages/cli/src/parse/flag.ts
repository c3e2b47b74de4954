/** Parsers of flags' values, in the form that commander calls; what they reject names the value and the remedy. */

import type { Constraint } from "@holdfast/shared/client/messages.ts";
import { InvalidArgumentError } from "commander";
import { byteCount, bytesHint } from "./bytes.ts";
import { constraintHint, parseConstraint } from "./constraint.ts";
import { durationHint, durationMs } from "./duration.ts";
import { momentHint, momentMs } from "./moment.ts";

function accepted<Value>(value: Value | undefined, hint: string): Value {
  if (value === undefined) throw new InvalidArgumentError(hint);
  return value;
}

export const duration = (text: string): number => accepted(durationMs(text), durationHint);
export const bytes = (text: string): number => accepted(byteCount(text), bytesHint);
export const moment = (text: string): number => accepted(momentMs(text, Date.now()), momentHint);

/** `2`, `0.5` or `500m`, in thousandths of a core. */
export function cpu(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(m?)$/.exec(text);
  const millis = match === null ? Number.NaN : Math.round(Number(match[1]) * (match[2] === "m" ? 1 : 1000));
  return accepted(
    Number.isSafeInteger(millis) ? millis : undefined,
    "write cores such as 2 or 0.5, or thousandths such as 500m",
  );
}

export function integer(lowest: number, highest: number): (text: string) => number {
  return (text) => {
    const number = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
    const inRange = number >= lowest && number <= highest;
    return accepted(inRange ? number : undefined, `write a whole number from ${lowest} to ${highest}`);
  };
}

/** One of some words, in any case. */
export function oneOf<Word extends string>(words: readonly Word[]): (text: string) => Word {
  return (text) =>
    accepted(
      words.find((word) => word === text.toLowerCase()),
      `write one of ${words.join(", ")}`,
    );
}

/** Repeatable, and several with commas. */
export function words(text: string, before: readonly string[] = []): string[] {
  return [
    ...before,
    ...text
      .split(",")
      .map((word) => word.trim())
      .filter((word) => word !== ""),
  ];
}

/** Repeatable KEY=VALUE. */
export function pair(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const equals = text.indexOf("=");
  if (equals < 1) throw new InvalidArgumentError("write KEY=VALUE");
  return { ...before, [text.slice(0, equals)]: text.slice(equals + 1) };
}

/** Repeatable NAME=COUNT. */
export function count(text: string, before: Readonly<Record<string, number>> = {}): Record<string, number> {
  const match = /^([^=]+)=(\d+)$/.exec(text);
  if (match === null) throw new InvalidArgumentError("write NAME=COUNT such as gpu=1");
  return { ...before, [match[1] as string]: Number(match[2]) };
}

/** Repeatable, and several with commas. */
export function exitCodes(text: string, before: readonly number[] = []): number[] {
  return [...before, ...text.split(",").map(integer(0, 255))];
}

/** Repeatable. */
export function constraint(text: string, before: readonly Constraint[] = []): Constraint[] {
  return [...before, accepted(parseConstraint(text), constraintHint)];
}

/** `TERM`, `sigterm` or `SIGTERM`. */
export function signalName(text: string): string {
  const upper = text.toUpperCase();
  const name = upper.startsWith("SIG") ? upper : `SIG${upper}`;
  return accepted(
    /^SIG[A-Z0-9+-]{2,12}$/.test(name) ? name : undefined,
    "write a signal's name such as TERM or SIGINT",
  );
}
