/** Where histories part, as a table. */
import { expect, test } from "vitest";
import { forkOf, type History, has, logStart, type Stretch } from "./fork.ts";

/** Batches 1–10 of epoch 5, 11–20 of epoch 6, 21–30 of epoch 8. */
const history: History = {
  end: { epoch: 8, sequence: 30 },
  leaderships: [
    { epoch: 5, sequence: 1 },
    { epoch: 6, sequence: 11 },
    { epoch: 8, sequence: 21 },
  ],
};
const stretch = (epoch: number, first: number, last: number): Stretch => ({ epoch, first, last });

const cases: readonly [string, readonly Stretch[], ReturnType<typeof forkOf>][] = [
  ["nothing was kept", [], null],
  ["all of it", [stretch(5, 1, 10), stretch(6, 11, 20), stretch(8, 21, 30)], null],
  ["a part, with a gap", [stretch(5, 3, 4), stretch(6, 12, 13)], null],
  ["the log lost the end of its last leadership", [stretch(8, 21, 33)], { epoch: 8, sequence: 30 }],
  ["the log lost a whole leadership", [stretch(8, 25, 30), stretch(9, 31, 40)], { epoch: 8, sequence: 30 }],
  ["the log went another way", [stretch(5, 1, 10), stretch(6, 11, 25)], { epoch: 6, sequence: 20 }],
  [
    "it went another way with a leadership of its own",
    [stretch(6, 11, 20), stretch(7, 21, 30)],
    { epoch: 6, sequence: 20 },
  ],
  ["and others followed", [stretch(6, 11, 15), stretch(7, 16, 30), stretch(9, 31, 32)], { epoch: 6, sequence: 15 }],
  ["nothing is shared", [stretch(7, 16, 30)], logStart],
  ["lost behind a gap", [stretch(6, 11, 12), stretch(8, 35, 40)], { epoch: 6, sequence: 12 }],
];
test.each(cases)("%s", (_, stretches, expected) => {
  expect(forkOf(history, stretches)).toEqual(expected);
});

test("what is older than the table of leaderships is taken for shared", () => {
  const young = { ...history, leaderships: history.leaderships.slice(1) };
  expect(forkOf(young, [stretch(2, 1, 4), stretch(5, 5, 10)])).toBeNull();
  expect(forkOf(young, [stretch(5, 1, 12)]), "but not beyond the table's beginning").toEqual({
    epoch: 5,
    sequence: 10,
  });
});

test("without a table, a log is compared by its end", () => {
  const bare = { end: { epoch: 8, sequence: 30 }, leaderships: [] };
  expect(forkOf(bare, [stretch(5, 1, 10), stretch(8, 20, 30)])).toBeNull();
  expect(forkOf(bare, [stretch(8, 20, 31)])).toEqual({ epoch: 8, sequence: 30 });
  expect(forkOf(bare, [stretch(9, 20, 21)])).toEqual(logStart);
});

test("a log has the batches of its leaderships, and no others", () => {
  const asked = [
    [5, 1],
    [5, 10],
    [5, 11],
    [6, 11],
    [7, 21],
    [8, 30],
    [8, 31],
  ].map(([epoch = 0, sequence = 0]) => ({ epoch, sequence }));
  expect(asked.map((position) => has(history, position))).toEqual([true, true, false, true, false, true, false]);
});
