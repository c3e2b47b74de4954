/** What a server process and the benchmark that started it say to each other. */

/** The histogram samples a timer of so many ms and counts that in; the server takes it off again. */
export const delayResolutionMs = 10;

/** Both start the histogram anew. */
export type ToServer = { readonly kind: "loopDelay" } | { readonly kind: "resetLoopDelay" };

export type FromServer = { readonly kind: "listening" } | { readonly kind: "loopDelay"; readonly p99Ms: number };
