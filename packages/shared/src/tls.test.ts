import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ChannelCredentials, Client, Server, type ServiceError, status } from "@grpc/grpc-js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeTestAuthority, makeTestCertificate } from "./testing/certificates.ts";
import { clientCredentials, serverCredentials, type TlsFiles } from "./tls.ts";

let folder: string;
let good: TlsFiles;
let stranger: TlsFiles;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "holdfast-tls-"));
  good = makeTestCertificate(folder, "node", makeTestAuthority(folder, "authority"));
  stranger = {
    ...makeTestCertificate(folder, "stranger", makeTestAuthority(folder, "other")),
    caFile: good.caFile,
  };
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const echo = {
  path: "/test.Echo/Echo",
  requestStream: false,
  responseStream: false,
  requestSerialize: (value: Buffer) => value,
  requestDeserialize: (value: Buffer) => value,
  responseSerialize: (value: Buffer) => value,
  responseDeserialize: (value: Buffer) => value,
} as const;

async function listen(tls: TlsFiles): Promise<{ server: Server; port: number }> {
  const server = new Server();
  server.addService(
    { Echo: echo },
    {
      Echo: (call: { request: Buffer }, answer: (error: null, value: Buffer) => void) => answer(null, call.request),
    },
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", serverCredentials(tls), (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  return { server, port };
}

async function call(port: number, channel: ChannelCredentials): Promise<string> {
  const client = new Client(`127.0.0.1:${port}`, channel);
  const { path, requestSerialize, responseDeserialize } = echo;
  try {
    return await new Promise((resolve, reject) => {
      const options = { deadline: Date.now() + 5_000 };
      const answer = (error: ServiceError | null, value?: Buffer) => (error ? reject(error) : resolve(String(value)));
      client.makeUnaryRequest(path, requestSerialize, responseDeserialize, Buffer.from("hello"), options, answer);
    });
  } finally {
    client.close();
  }
}

test("both ends must show a certificate of the cluster's authority", async () => {
  const { server, port } = await listen(good);
  try {
    expect(await call(port, clientCredentials(good))).toBe("hello");
    const refused = {
      "of another authority": clientCredentials(stranger),
      "without a certificate": ChannelCredentials.createSsl(readFileSync(good.caFile)),
      "without TLS": ChannelCredentials.createInsecure(),
    };
    for (const [who, channel] of Object.entries(refused)) {
      await expect(call(port, channel), `a client ${who}`).rejects.toMatchObject({ code: status.UNAVAILABLE });
    }
  } finally {
    server.forceShutdown();
  }
});

test("a client does not talk to a server of another authority", async () => {
  const { server, port } = await listen({ ...stranger, caFile: join(folder, "other.pem") });
  try {
    await expect(call(port, clientCredentials(good))).rejects.toMatchObject({ code: status.UNAVAILABLE });
  } finally {
    server.forceShutdown();
  }
});

test("without settings there is no TLS", () => {
  expect(serverCredentials(null)._isSecure()).toBe(false);
  expect(clientCredentials(null)._isSecure()).toBe(false);
});

test.each<[string, (files: TlsFiles) => TlsFiles, RegExp]>([
  [
    "missing file",
    (files) => ({ ...files, caFile: "/nowhere/ca.pem" }),
    /^tls\.caFile: cannot read \/nowhere\/ca\.pem: there is no such file$/,
  ],
  ["folder", (files) => ({ ...files, keyFile: folder }), /^tls\.keyFile: cannot read .*: it is a folder$/],
  ["empty path", (files) => ({ ...files, certificateFile: "" }), /^tls\.certificateFile: is empty/],
  [
    "key as certificate",
    (files) => ({ ...files, certificateFile: files.keyFile }),
    /^tls\.certificateFile: .*node\.key is not a PEM certificate$/,
  ],
  [
    "certificate as key",
    (files) => ({ ...files, keyFile: files.certificateFile }),
    /^tls\.keyFile: .*node\.pem is not an unencrypted PEM/,
  ],
  [
    "another's key",
    (files) => ({ ...files, keyFile: stranger.keyFile }),
    /^tls\.keyFile: .*stranger\.key is not the key of the certificate in .*node\.pem/,
  ],
])("%s is told with the setting and the path", (_name, spoil, message) => {
  expect(() => serverCredentials(spoil(good))).toThrow(message);
  expect(() => clientCredentials(spoil(good))).toThrow(message);
});

test.skipIf(process.getuid?.() === 0)("a file that may not be read is told", () => {
  const path = join(folder, "secret.key");
  writeFileSync(path, "x");
  chmodSync(path, 0);
  expect(() => serverCredentials({ ...good, keyFile: path })).toThrow(/tls\.keyFile: cannot read .*permission denied/);
});
