/** An exposition at a daemon's `metricsListen`. */
import type { Log } from "../log.ts";
import type { TlsFiles } from "../tls.ts";
import type { Exposition } from "./exposition.ts";
import { type MetricsServer, serveMetrics } from "./metrics-server.ts";

export interface ServeExpositionOptions {
  /** `host:port` */
  readonly listen: string;
  readonly tls: TlsFiles | null;
  readonly log: Log;
  /** What takes a while to read is brought up to date by this before a scrape. */
  readonly refresh?: () => Promise<void>;
}

/** @throws HoldfastError (failedPrecondition) when the address cannot be listened on, or a TLS file is at fault */
export async function serveExposition(
  exposition: Exposition,
  { listen, tls, log, refresh }: ServeExpositionOptions,
): Promise<MetricsServer> {
  const server = await serveMetrics({
    listen,
    tls,
    contentType: exposition.contentType,
    text: async () => {
      await refresh?.();
      return exposition.text();
    },
    failed: (error) => log.error({ err: error }, "a scrape of the metrics failed"),
  });
  log.info({ metricsListen: listen }, "exposing metrics");
  return server;
}
