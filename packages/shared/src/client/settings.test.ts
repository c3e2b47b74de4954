import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseAddresses } from "./addresses.ts";
import { resolveClientSettings } from "./settings.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "holdfast-settings-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function writeClientFile(text: string): void {
  mkdirSync(join(folder, ".holdfast"));
  writeFileSync(join(folder, ".holdfast", "client.yaml"), text);
}

test("addresses are split, completed and made unique", () => {
  expect(parseAddresses(["a:1, b", "[::1]:2,::1", "a:1"], "--address")).toEqual([
    "a:1",
    "b:7400",
    "[::1]:2",
    "[::1]:7400",
  ]);
});

test.each(["a:b", "a:0", "a:70000", "http://a:1", "a b:1", "[::1"])("%s is no address", (text) => {
  expect(() => parseAddresses([text], "--address")).toThrow(`--address: "${text}" is not an address; write host:port`);
});

test("flags go before the environment, that before the file, that before the default", () => {
  const environment = { HOLDFAST_ADDRESS: "b:2" };
  expect(resolveClientSettings({ addresses: ["a:1"], environment, folder })).toMatchObject({ addresses: ["a:1"] });
  expect(resolveClientSettings({ environment, folder })).toMatchObject({ addresses: ["b:2"] });
  expect(resolveClientSettings({ environment: {}, folder })).toMatchObject({ addresses: ["127.0.0.1:7400"] });
  writeClientFile("addresses: [c:3, d:4]\ntls: {caFile: ca.pem, certificateFile: /c.pem, keyFile: k.pem}\n");
  const below = join(folder, "deep", "below");
  mkdirSync(below, { recursive: true });
  const own = join(folder, ".holdfast");
  expect(resolveClientSettings({ environment: {}, folder: below })).toEqual({
    addresses: ["c:3", "d:4"],
    tls: { caFile: join(own, "ca.pem"), certificateFile: "/c.pem", keyFile: join(own, "k.pem") },
    source: join(own, "client.yaml"),
  });
});

test("a file with mistakes is named, with the field", () => {
  writeClientFile("address: a:1\n");
  expect(() => resolveClientSettings({ environment: {}, folder })).toThrow(/client\.yaml: addresses: /);
});

test("TLS files are needed all three", () => {
  const input = { environment: { HOLDFAST_CA_FILE: "ca.pem" }, folder };
  expect(() => resolveClientSettings(input)).toThrow("TLS needs --ca-file, --certificate-file and --key-file together");
});
