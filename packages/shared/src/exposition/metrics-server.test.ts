import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { get } from "node:https";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeTestAuthority, makeTestCertificate } from "../testing/certificates.ts";
import type { TlsFiles } from "../tls.ts";
import { type MetricsServer, type MetricsServerOptions, serveMetrics } from "./metrics-server.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "holdfast-metrics-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const plain: MetricsServerOptions = {
  listen: "127.0.0.1:0",
  tls: null,
  contentType: "text/plain; version=0.0.4",
  text: async () => "up 1\n",
  failed: (error) => expect.unreachable(`no scrape should fail: ${error}`),
};

async function serving(options: Partial<MetricsServerOptions>, story: (server: MetricsServer) => Promise<void>) {
  const server = await serveMetrics({ ...plain, ...options });
  try {
    await story(server);
  } finally {
    await server.close();
  }
}

/** All that comes back for these bytes, until the other end closes. */
async function exchange(port: number, request: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.write(request);
  return readAll(socket);
}

async function readAll(socket: Socket): Promise<string> {
  let answer = "";
  socket.setEncoding("utf8").on("data", (piece: string) => {
    answer += piece;
  });
  socket.on("error", () => {});
  await once(socket, "close");
  return answer;
}

test("GET /metrics is answered, and the connection ends", async () => {
  await serving({}, async ({ port }) => {
    const answer = await exchange(port, "GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\n\r\n");
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(answer).toContain("Content-Type: text/plain; version=0.0.4");
    expect(answer).toMatch(/\r\n\r\nup 1\n$/);
  });
});

test.each([
  ["another path", "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "404", "there is only /metrics here"],
  ["another method", "POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", "405", "only GET"],
  ["what is no HTTP", "hello\r\n\r\n", "400", ""],
  ["a header that is too large", `GET /metrics HTTP/1.1\r\nX: ${"x".repeat(9_000)}\r\n\r\n`, "431", ""],
])("%s is refused with a plain word", async (_what, request, status, message) => {
  await serving({}, async ({ port }) => {
    const answer = await exchange(port, request);
    expect(answer).toContain(`HTTP/1.1 ${status} `);
    expect(answer).toContain(message);
  });
});

test("of many scrapes at a time some are refused, and the next is served again", async () => {
  const gate = Promise.withResolvers<void>();
  let asked = 0;
  const allAsked = Promise.withResolvers<void>();
  const text = async () => {
    asked += 1;
    if (asked === 4) allAsked.resolve();
    await gate.promise;
    return "up 1\n";
  };
  await serving({ text }, async ({ port }) => {
    const scrape = () => exchange(port, "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
    const first = Array.from({ length: 4 }, scrape);
    await allAsked.promise;
    expect(await scrape()).toContain("503 Service Unavailable");
    gate.resolve();
    for (const answer of await Promise.all(first)) expect(answer).toContain("200 OK");
    expect(await scrape()).toContain("200 OK");
  });
});

test("more connections than a few are not kept", async () => {
  await serving({}, async ({ port }) => {
    const idle = Array.from({ length: 16 }, () => connect(port, "127.0.0.1"));
    await Promise.all(idle.map((socket) => once(socket, "connect")));
    const one = connect(port, "127.0.0.1");
    expect(await readAll(one)).toBe("");
    for (const socket of idle) socket.destroy();
  });
});

test("close ends connections that are open", async () => {
  const server = await serveMetrics(plain);
  const idle = connect(server.port, "127.0.0.1");
  await once(idle, "connect");
  const ended = once(idle, "close");
  idle.on("error", () => {});
  idle.resume();
  await server.close();
  await ended;
});

test("a scrape that fails is told to the daemon, and its text to nobody else", async () => {
  const failures: unknown[] = [];
  const text = () => Promise.reject(new Error("secret"));
  await serving({ text, failed: (error) => failures.push(error) }, async ({ port }) => {
    const answer = await exchange(port, "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
    expect(answer).toContain("HTTP/1.1 500 ");
    expect(answer).not.toContain("secret");
  });
  expect(failures).toEqual([new Error("secret")]);
});

test("a port in use is a clear error", async () => {
  await serving({}, async ({ port }) => {
    const listen = `127.0.0.1:${port}`;
    await expect(serveMetrics({ ...plain, listen })).rejects.toMatchObject({
      code: "failedPrecondition",
      message: `metricsListen: cannot listen on ${listen}: the port is in use; stop what listens there, or choose another`,
    });
  });
});

test("beyond loopback only a certificate of the cluster's authority is served", async () => {
  const files = makeTestCertificate(folder, "daemon", makeTestAuthority(folder, "authority"));
  const stranger = makeTestCertificate(folder, "stranger", makeTestAuthority(folder, "other"));
  await serving({ listen: "0.0.0.0:0", tls: files }, async ({ port }) => {
    expect(await scrapeOverTls(port, files.caFile, files)).toBe("up 1\n");
    await expect(scrapeOverTls(port, files.caFile, stranger), "a stranger's certificate").rejects.toThrow();
    await expect(scrapeOverTls(port, files.caFile, null), "no certificate").rejects.toThrow();
    const withoutTls = await exchange(port, "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
    expect(withoutTls, "an answer without TLS").not.toContain("up 1");
  });
});

function scrapeOverTls(port: number, caFile: string, client: TlsFiles | null): Promise<string> {
  const own = client === null ? {} : { cert: readFileSync(client.certificateFile), key: readFileSync(client.keyFile) };
  return new Promise((resolve, reject) => {
    const request = get(
      { host: "127.0.0.1", port, path: "/metrics", ca: readFileSync(caFile), agent: false, ...own },
      (response) => {
        let body = "";
        response.setEncoding("utf8").on("data", (piece: string) => {
          body += piece;
        });
        response.on("end", () => resolve(body)).on("error", reject);
      },
    );
    request.on("error", reject);
  });
}
