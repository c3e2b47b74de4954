/**
 * What a Node process really holds: asked through its inspector, which can collect garbage first. The process must have been
 * started with `inspectable` in its environment, and tells in its log where its inspector listens.
 */
import { once } from "node:events";
import { readFileSync } from "node:fs";

/** A port of its own for each process that inherits this. */
export const inspectable = "--inspect=127.0.0.1:0";

export interface MemoryUse {
  /** After garbage was collected: what is reachable, and buffers. */
  readonly heldBytes: number;
  readonly residentBytes: number;
}

export class ProcessMemory implements Disposable {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (result: unknown) => void>();
  #lastId = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => {
      const { id, result } = JSON.parse(String(data)) as { id: number; result: unknown };
      this.#waiting.get(id)?.(result);
      this.#waiting.delete(id);
    });
  }

  /** @param logFile with what the process has written to its standard error */
  static async of(logFile: string): Promise<ProcessMemory> {
    const url = [...readFileSync(logFile, "utf8").matchAll(/Debugger listening on (ws:\S+)/g)].at(-1)?.[1];
    if (url === undefined) throw new Error(`expected an inspector that listens, ${logFile} tells of none`);
    const socket = new WebSocket(url);
    await once(socket, "open");
    return new ProcessMemory(socket);
  }

  async use(): Promise<MemoryUse> {
    // Twice: what finalizers let go is collected by the second.
    for (let turn = 0; turn < 2; turn += 1) await this.#ask("HeapProfiler.collectGarbage", {});
    const expression = "JSON.stringify(process.memoryUsage())";
    const { result } = (await this.#ask("Runtime.evaluate", { expression })) as { result: { value: string } };
    const { rss, heapUsed, external } = JSON.parse(result.value) as NodeJS.MemoryUsage;
    return { heldBytes: heapUsed + external, residentBytes: rss };
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }

  #ask(method: string, params: object): Promise<unknown> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }
}
