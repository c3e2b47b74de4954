/** The whole terminal for a picture that is drawn anew, and the keys that are pressed meanwhile. */
import ansiEscapes from "ansi-escapes";

export interface Keys {
  /** One character, or "interrupt" for Ctrl-C. */
  readonly pressed: (key: string) => void;
  readonly resized: () => void;
}

export class FullScreen {
  readonly #output = process.stdout;
  readonly #input = process.stdin;
  readonly #resized: () => void;
  readonly #data: (data: Buffer) => void;

  constructor({ pressed, resized }: Keys) {
    this.#resized = resized;
    this.#data = (data) => {
      for (const key of data.toString()) pressed(key === "\u0003" ? "interrupt" : key);
    };
    this.#output.write(ansiEscapes.enterAlternativeScreen + ansiEscapes.cursorHide);
    this.#output.on("resize", resized);
    if (!this.#input.isTTY) return;
    this.#input.setRawMode(true);
    this.#input.on("data", this.#data);
  }

  get size(): { readonly columns: number; readonly rows: number } {
    return { columns: this.#output.columns, rows: this.#output.rows };
  }

  draw(picture: string): void {
    const lines = picture.split("\n").map((line) => `${line}${ansiEscapes.eraseEndLine}`);
    this.#output.write(ansiEscapes.cursorTo(0, 0) + lines.join("\n") + ansiEscapes.eraseDown);
  }

  /** The terminal is as it was before. */
  close(): void {
    this.#output.off("resize", this.#resized);
    this.#output.write(ansiEscapes.cursorShow + ansiEscapes.exitAlternativeScreen);
    if (!this.#input.isTTY) return;
    this.#input.off("data", this.#data);
    this.#input.setRawMode(false);
    this.#input.pause();
  }
}
