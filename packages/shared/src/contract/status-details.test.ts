import { Metadata, status } from "@grpc/grpc-js";
import { expect, test } from "vitest";
import { HoldfastError, invalidField } from "../errors.ts";
import { fromServiceError, toServiceError } from "./status-details.ts";

test("an error survives the wire with its fields and its retry hint", () => {
  const sent = new HoldfastError("unavailable", "no leader", {
    retryAfterMs: 1_250,
    fields: [{ field: "spec.argv[3]", description: "has a NUL byte" }],
  });
  const onWire = toServiceError(sent);
  expect(onWire.code).toBe(status.UNAVAILABLE);

  const received = fromServiceError(onWire);
  expect(received.code).toBe("unavailable");
  expect(received.message).toBe("no leader");
  expect(received.retryAfterMs).toBe(1_250);
  expect(received.fields).toEqual([{ field: "spec.argv[3]", description: "has a NUL byte" }]);
});

test.each([
  ["ASCII", "x", 2],
  ["three bytes a character", "世", 2],
  ["little about each", "", 20],
])("trailers stay below the 8 KiB that clients take, however much is wrong: %s", (_, character, listed) => {
  const description = character.repeat(9_000) || "is wrong";
  const fields = Array.from({ length: 100_000 }, (_, index) => ({ field: `f${index}`, description }));
  const onWire = toServiceError(new HoldfastError("invalidArgument", description.repeat(100), { fields }));
  const bytes = onWire.metadata.get("grpc-status-details-bin")[0] as Buffer;
  expect(encodeURIComponent(onWire.details).length + bytes.toString("base64").length).toBeLessThan(7_900);
  expect(fromServiceError(onWire).fields).toHaveLength(listed);
});

test("details that are not ours leave code and message as they are", () => {
  const metadata = new Metadata();
  metadata.set("grpc-status-details-bin", Buffer.from([0xff, 0xff, 0xff]));
  const error = fromServiceError({ code: status.NOT_FOUND, details: "gone", metadata });
  expect(error).toMatchObject({ code: "notFound", message: "gone", fields: [] });
});

test("a status that Holdfast never sends is internal", () => {
  expect(fromServiceError({ code: status.ABORTED, details: "", metadata: new Metadata() })).toMatchObject({
    code: "internal",
    message: "the call failed with ABORTED",
  });
  expect(fromServiceError(toServiceError(invalidField("name", "too long"))).fields[0]?.field).toBe("name");
});
