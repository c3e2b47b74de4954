/** Waits for a folder's files to change. */
import { type FSWatcher, watch } from "node:fs";

/** Looks again after this time although no change was told: watching is a hint only. */
const atLeastEveryMs = 1_000;
/** Where nothing can be watched, such as when the machine's inotify watches are used up. */
const unwatchedEveryMs = 200;

export class FolderChanges implements Disposable {
  readonly #signal: AbortSignal | undefined;
  readonly #wake = () => this.#note();
  #watcher: FSWatcher | null = null;
  #changed = false;
  #resolve: (() => void) | null = null;

  constructor(folder: string, signal?: AbortSignal) {
    this.#signal = signal;
    signal?.addEventListener("abort", this.#wake);
    try {
      this.#watcher = watch(folder, { persistent: false }, this.#wake);
      this.#watcher.on("error", () => this.#unwatch());
    } catch {
      // Polled instead.
    }
  }

  /** Resolves when something has changed since the last wait (or since the beginning), or may have. */
  async wait(): Promise<void> {
    if (!this.#changed && !this.#signal?.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#resolve = resolve;
      const timer = setTimeout(resolve, this.#watcher === null ? unwatchedEveryMs : atLeastEveryMs);
      await promise;
      clearTimeout(timer);
      this.#resolve = null;
    }
    this.#changed = false;
  }

  [Symbol.dispose](): void {
    this.#signal?.removeEventListener("abort", this.#wake);
    this.#unwatch();
  }

  #note(): void {
    this.#changed = true;
    this.#resolve?.();
  }

  #unwatch(): void {
    this.#watcher?.close();
    this.#watcher = null;
  }
}
