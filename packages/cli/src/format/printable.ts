/** Text from elsewhere (names, reasons) must not steer the terminal: control characters are shown as `\x1b`. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, (character) =>
    character === "\n" ? "⏎" : `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}
