/**
 * The listener for Prometheus: GET /metrics and nothing else. Whoever reaches it can take neither memory nor time from the
 * daemon: few connections, one request on each, small requests, few scrapes at a time, and an end to every connection.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Socket } from "node:net";
import { HoldfastError } from "../errors.ts";
import { isLoopback } from "../loopback.ts";
import { httpsOptions, type TlsFiles } from "../tls.ts";

export interface MetricsServer {
  /** The port that it listens on. */
  readonly port: number;
  /** Ends what is open; resolves when nothing of it is left. */
  close(): Promise<void>;
}

export interface MetricsServerOptions {
  /** `host:port`; port 0 for any free one. */
  readonly listen: string;
  /** On loopback it is plain HTTP all the same; beyond, clients must show a certificate of the authority in `caFile`. */
  readonly tls: TlsFiles | null;
  readonly contentType: string;
  readonly text: () => Promise<string>;
  /** A scrape failed, by a defect. */
  readonly failed: (error: unknown) => void;
}

const connectionsMax = 16;
const scrapesMax = 4;
const headerBytesMax = 8 * 1024;
const headersTimeoutMs = 5_000;
/** From accepting a connection to its end, whatever happens on it. */
const connectionMaxMs = 15_000;

const limits = {
  maxHeaderSize: headerBytesMax,
  headersTimeout: headersTimeoutMs,
  requestTimeout: headersTimeoutMs,
  connectionsCheckingInterval: 1_000,
  keepAlive: false,
};

/** @throws HoldfastError (failedPrecondition) when the address cannot be listened on, or a TLS file is at fault */
export async function serveMetrics(options: MetricsServerOptions): Promise<MetricsServer> {
  const { host, port } = splitAddress(options.listen);
  const answer = answering(options);
  const server: Server =
    options.tls === null || isLoopback(host)
      ? createServer(limits, answer)
      : createTlsServer({ ...limits, ...httpsOptions(options.tls), handshakeTimeout: headersTimeoutMs }, answer);
  server.maxConnections = connectionsMax;
  server.maxRequestsPerSocket = 1;
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    const overdue = setTimeout(() => socket.destroy(), connectionMaxMs);
    sockets.add(socket);
    socket.once("close", () => {
      clearTimeout(overdue);
      sockets.delete(socket);
    });
  });
  await listen(server, host, port, options.listen);
  // What goes wrong from now on goes wrong with one connection, which ends by it.
  server.on("error", options.failed);
  return {
    port: (server.address() as { port: number }).port,
    close: async () => {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function answering({ contentType, text, failed }: MetricsServerOptions) {
  let underWay = 0;
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    response.setHeader("Connection", "close");
    const refusal = whyRefused(request, underWay);
    if (refusal !== null) {
      for (const [name, value] of Object.entries(refusal.headers ?? {})) response.setHeader(name, value);
      return refuse(response, refusal);
    }
    underWay += 1;
    response.once("close", () => {
      underWay -= 1;
    });
    try {
      const body = await text();
      response.writeHead(200, { "Content-Type": contentType, "Content-Length": Buffer.byteLength(body) }).end(body);
    } catch (error) {
      failed(error);
      refuse(response, { status: 500, message: "the metrics could not be read; the log tells why" });
    }
  };
}

interface Refusal {
  readonly status: number;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

function whyRefused({ method, url = "" }: IncomingMessage, underWay: number): Refusal | null {
  const path = url.split("?", 1)[0];
  if (path !== "/metrics") return { status: 404, message: "there is only /metrics here" };
  if (method !== "GET") return { status: 405, message: "only GET", headers: { Allow: "GET" } };
  if (underWay < scrapesMax) return null;
  return { status: 503, message: "too many scrapes at a time; try again", headers: { "Retry-After": "1" } };
}

function refuse(response: ServerResponse, { status, message }: Refusal): void {
  response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8" }).end(`${message}\n`);
}

async function listen(server: Server, host: string, port: number, address: string): Promise<void> {
  try {
    server.listen({ host, port, exclusive: true });
    await once(server, "listening");
  } catch (error) {
    const message = `metricsListen: cannot listen on ${address}: ${reasonOf(error as NodeJS.ErrnoException)}`;
    throw new HoldfastError("failedPrecondition", message, { cause: error });
  }
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  if (code === "EADDRINUSE") return "the port is in use; stop what listens there, or choose another";
  if (code === "EADDRNOTAVAIL") return "the address is not one of this machine's";
  if (code === "EACCES") return "this port needs more rights; choose one above 1023";
  if (code === "ENOTFOUND") return "there is no such host";
  return message;
}

function splitAddress(address: string): { readonly host: string; readonly port: number } {
  const colon = address.lastIndexOf(":");
  return { host: address.slice(0, colon).replace(/^\[|\]$/g, ""), port: Number(address.slice(colon + 1)) };
}
