import { expect, test } from "vitest";
import { Exposition } from "./exposition.ts";

function linesOf(text: string, name: string): string[] {
  return text.split("\n").filter((line) => line.startsWith(name));
}

test("numbers are read at each scrape, and what is gone is shown no more", async () => {
  const exposition = new Exposition();
  let mounts = ["/", "/srv"];
  exposition.gauges({ name: "used_bytes", help: "Used.", labels: ["mount"] }, () =>
    mounts.map((mount, index) => ({ labels: { mount }, value: index + 1 })),
  );
  expect(linesOf(await exposition.text(), "used_bytes")).toEqual([
    'used_bytes{mount="/"} 1',
    'used_bytes{mount="/srv"} 2',
  ]);
  mounts = ["/srv"];
  expect(linesOf(await exposition.text(), "used_bytes")).toEqual(['used_bytes{mount="/srv"} 1']);
});

test("what was not measured is left out, not shown as 0", async () => {
  const exposition = new Exposition();
  exposition.gauge({ name: "not_there", help: "Never measured." }, () => null);
  exposition.gauge({ name: "not_a_number", help: "Nor this." }, () => Number.NaN);
  exposition.gauge({ name: "nothing", help: "This is 0." }, () => 0);
  const text = await exposition.text();
  expect(linesOf(text, "not_")).toEqual([]);
  expect(linesOf(text, "nothing")).toEqual(["nothing 0"]);
});

test("a counter shows what it has reached, however often it is scraped", async () => {
  const exposition = new Exposition();
  exposition.counter({ name: "done_total", help: "Done." }, () => 7);
  await exposition.text();
  expect(linesOf(await exposition.text(), "done_total")).toEqual(["done_total 7"]);
});

test("a histogram shows what was observed", async () => {
  const exposition = new Exposition();
  const observe = exposition.histogram({ name: "took_seconds", help: "Took." }, [1, 2]);
  for (const value of [0.5, 1.5, 9]) observe(value);
  expect(linesOf(await exposition.text(), "took_seconds")).toEqual([
    'took_seconds_bucket{le="1"} 1',
    'took_seconds_bucket{le="2"} 2',
    'took_seconds_bucket{le="+Inf"} 3',
    "took_seconds_sum 11",
    "took_seconds_count 3",
  ]);
});

test("10,000 distinct label values make no 10,000 series, and that they were left out is told", async () => {
  const exposition = new Exposition();
  exposition.gauges({ name: "hammered", help: "By names from outside.", labels: ["name"] }, () =>
    Array.from({ length: 10_000 }, (_, index) => ({ labels: { name: `name-${index}` }, value: index })),
  );
  await exposition.text();
  const text = await exposition.text();
  expect(linesOf(text, "hammered")).toHaveLength(64);
  expect(text.length).toBeLessThan(10_000);
  expect(text).toContain('holdfast_exposition_left_out_series{family="hammered"} 9936');
});

test("a label's value of any length and with any characters stays one short line", async () => {
  const exposition = new Exposition();
  exposition.gauges({ name: "odd", help: "Odd names.", labels: ["name"] }, () => [
    { labels: { name: 'a"b\\c\nd' }, value: 1 },
    { labels: { name: "x".repeat(100_000) }, value: 2 },
  ]);
  const lines = linesOf(await exposition.text(), "odd");
  expect(lines[0]).toBe('odd{name="a\\"b\\\\c\\nd"} 1');
  expect(lines[1]).toMatch(/^odd\{name="x{127}…"\} 2$/);
  expect(lines).toHaveLength(2);
});
