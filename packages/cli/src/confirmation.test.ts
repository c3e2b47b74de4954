import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { confirmName } from "./confirmation.ts";

/** A terminal at which somebody types this when asked. */
function typing(text: string) {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const output = Object.assign(new PassThrough(), { isTTY: true });
  let shown = "";
  output.on("data", (data) => {
    shown += data;
    if (String(data).includes("confirm: ")) input.write(text);
  });
  return { terminal: { input, output }, shown: () => shown };
}

test("a person is told what it does, and types the name", async () => {
  const { terminal, shown } = typing("n1\n");
  await confirmName("n1", undefined, "It runs twice.", terminal);
  expect(shown()).toContain("It runs twice.\nType the node's name to confirm: ");
});

test.each([
  ["another name", "n2\n", '"n2" is not n1: nothing was done'],
  ["nothing", "\n", '"" is not n1: nothing was done'],
  ["Ctrl-C", "\u0003", "nothing was done"],
  ["Ctrl-D", "\u0004", "nothing was done"],
])("%s is no confirmation", async (_, text, message) => {
  await expect(confirmName("n1", undefined, "It runs twice.", typing(text).terminal)).rejects.toMatchObject({
    name: "UsageError",
    message,
  });
});
