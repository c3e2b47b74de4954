import { taskServiceDefinition } from "@holdfast/shared/contract/load.ts";
import { expect, test } from "vitest";
import { Malformed, strictly } from "./strict-decoding.ts";

const { requestSerialize, requestDeserialize } = taskServiceDefinition.Submit;
const decode = strictly(requestDeserialize);

/** A marker of three bytes, in a valid message, becomes three bytes that are not UTF-8. */
function spoil(request: Parameters<typeof requestSerialize>[0]): Buffer {
  const bytes = Buffer.from(requestSerialize(request));
  const at = bytes.indexOf("@@@");
  bytes.set([0xff, 0xfe, 0x80], at);
  return bytes;
}

function fieldAtFault(bytes: Buffer): string | undefined {
  const request = decode(bytes);
  if (!(request instanceof Malformed)) return expect.fail("the bytes should have been refused");
  expect(request.error.code).toBe("invalidArgument");
  return request.error.fields[0]?.field;
}

test("what is right is read as the loader reads it", () => {
  const request = {
    namespace: "ünï",
    spec: { argv: ["é", "\ufffd", "😀"], labels: { a: "b" }, script: Buffer.from([255]) },
  };
  const bytes = requestSerialize(request);
  expect(decode(bytes)).toEqual(requestDeserialize(bytes));
  expect(decode(bytes)).toEqual(request);
});

test.each([
  ["namespace", { namespace: "@@@" }],
  ["spec.argv[1]", { spec: { argv: ["\ufffd", "x@@@"] } }],
  ["spec.working_directory", { spec: { workingDirectory: "@@@" } }],
  ["spec.environment[A]", { spec: { environment: { A: "@@@" } } }],
  ["spec.labels (a key)", { spec: { labels: { "@@@": "v" } } }],
  ["spec.constraints[0].values[0]", { spec: { constraints: [{ values: ["@@@"] }] } }],
])("invalid UTF-8 in %s is refused, naming it", (field, request) => {
  expect(fieldAtFault(spoil(request))).toBe(field);
});

test("bytes fields may hold anything", () => {
  const request = decode(requestSerialize({ spec: { standardInput: Buffer.from([0xff, 0xfe]) } }));
  expect(request).not.toBeInstanceOf(Malformed);
});

test("messages that end early or are none are refused", () => {
  const whole = requestSerialize({ namespace: "some-namespace" });
  expect(decode(whole.subarray(0, whole.length - 3))).toBeInstanceOf(Malformed);
  expect(decode(Buffer.alloc(64, 0xff))).toBeInstanceOf(Malformed);
  expect(decode(Buffer.from([0x1a, 0x7f]))).toBeInstanceOf(Malformed);
});
