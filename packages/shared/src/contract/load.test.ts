import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { agentServiceDefinition, serviceNameOf, statusCodec, taskServiceDefinition } from "./load.ts";

test("messages arrive as the generated types say: numbers, enum names, buffers, undefined where absent", () => {
  const { requestSerialize, requestDeserialize } = taskServiceDefinition.Submit;
  const bytes = requestSerialize({ spec: { argv: ["true"], timeoutMs: 2 ** 40, script: Buffer.from([1, 255]) } });
  const { spec } = requestDeserialize(bytes);
  expect(spec).toEqual({ argv: ["true"], timeoutMs: 2 ** 40, script: Buffer.from([1, 255]) });
  expect(Buffer.isBuffer(spec?.script)).toBe(true);
  expect(spec?.name).toBeUndefined();
});

test("a service knows its full name", () => {
  expect(serviceNameOf(agentServiceDefinition)).toBe("holdfast.v1.AgentService");
});

test("single messages can be encoded and decoded", () => {
  expect(statusCodec.decode(statusCodec.encode({ code: 3, message: "no" }))).toMatchObject({ code: 3, message: "no" });
});

test("the generated types match the .proto files", () => {
  const script = fileURLToPath(new URL("./generate.ts", import.meta.url));
  execFileSync(process.execPath, [script, "--check"], { stdio: "pipe" });
}, 60_000);
