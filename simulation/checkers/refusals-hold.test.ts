import type { WriteRequest } from "@holdfast/coordinator/core/event.ts";
import { expect, test } from "vitest";
import { RefusalsHold } from "./refusals-hold.ts";
import { committed, puts, task, violationsOf } from "./testing/told-history.ts";

const request = { kind: "submit", namespace: "default", requestId: "r1", task: { id: "t1" } } as WriteRequest<"submit">;
const called = { kind: "called", callId: 1, clientId: "k", coordinatorId: "c1", request } as const;
const written = committed(1, puts(task()));

test("a call that was told that nobody knows may have been done", () => {
  const refused = { kind: "refused", callId: 1, code: "unavailable", message: "no answer" } as const;
  expect(
    violationsOf(RefusalsHold, [
      [0, called],
      [1, refused],
      [2, written],
    ]),
  ).toEqual([]);
});

test("a call that was refused and is done, before or after, is refused", () => {
  const refused = { kind: "refused", callId: 1, code: "failedPrecondition", message: "no" } as const;
  const message = expect.stringContaining('task t1 was refused at 0.002 s ("failedPrecondition: no"), but log/1.1 ha');
  expect(
    violationsOf(RefusalsHold, [
      [0, called],
      [2, refused],
      [3, written],
    ]),
  ).toEqual([message]);
  expect(
    violationsOf(RefusalsHold, [
      [0, called],
      [1, written],
      [2, refused],
    ]),
  ).toEqual([message]);
});
