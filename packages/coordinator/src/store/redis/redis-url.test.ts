/** The addresses that are understood, and what is said about the others. */
import { HoldfastError } from "@holdfast/shared/errors.ts";
import { expect, test } from "vitest";
import { describeRedisUrl, parseRedisUrl } from "./redis-url.ts";

const understood: readonly [string, object][] = [
  ["redis://127.0.0.1", { host: "127.0.0.1", port: 6379, db: 0 }],
  ["redis://redis.example:7000/3", { host: "redis.example", port: 7000, db: 3 }],
  [
    "redis://ann:p%40ss:word@[::1]:7000?db=2",
    { host: "::1", port: 7000, db: 2, username: "ann", password: "p@ss:word" },
  ],
  ["redis://:secret@host", { host: "host", port: 6379, db: 0, password: "secret" }],
  ["rediss://host/1", { host: "host", port: 6379, db: 1, tls: { ca: "pem" } }],
  ["redis+unix:///run/redis.sock?db=4", { path: "/run/redis.sock", db: 4 }],
  ["unix:///run/redis.sock", { path: "/run/redis.sock", db: 0 }],
  [
    "redis+sentinel://ann:secret@s1:1,s2/main?db=1&sentinelPassword=other",
    {
      sentinels: [
        { host: "s1", port: 1 },
        { host: "s2", port: 26379 },
      ],
      name: "main",
      db: 1,
      username: "ann",
      password: "secret",
      sentinelPassword: "other",
    },
  ],
  [
    "rediss+sentinel://s1/main",
    {
      sentinels: [{ host: "s1", port: 26379 }],
      name: "main",
      db: 0,
      tls: { ca: "pem" },
      sentinelTLS: { ca: "pem" },
      enableTLSForSentinelMode: true,
    },
  ],
];

test.each(understood)("%s", (url, options) => {
  expect(parseRedisUrl(url, "redis", { ca: "pem" })).toEqual(options);
});

const refused: readonly [string, RegExp][] = [
  ["", /not the address of a Redis/],
  ["localhost:6379", /not the address of a Redis/],
  ["http://host", /unknown scheme "http:"; use one of redis:/],
  ["redis://host:99999", /port 99999 is not from 1 to 65535/],
  ["redis://host:x", /"host:x" is not host:port/],
  ["redis:///0", /"" is not host:port/],
  ["redis://host/zero", /"zero" is not the number of a database/],
  ["redis://host?timeout=1", /unknown parameter "timeout"/],
  ["redis://:100%@host", /must be followed by two hexadecimal digits/],
  ["redis+unix://run/redis.sock", /a socket's path starts with "\/"/],
  ["redis+unix:///", /path is missing/],
  ["redis+sentinel://s1:26379", /primary's name is missing/],
  ["redis+sentinel://s1:26379,/main", /"" is not host:port/],
];

test.each(refused)("refuses %j", (url, message) => {
  const parse = () => parseRedisUrl(url, "storage.redis");
  expect(parse).toThrow(HoldfastError);
  expect(parse).toThrow(message);
  expect(parse).toThrow(/^storage\.redis: /);
});

test("no message shows a password", () => {
  expect(describeRedisUrl("redis://ann:secret@host:1/2")).toBe("redis://host:1/2");
  expect(describeRedisUrl("redis+sentinel://s1:1/main?sentinelPassword=secret")).toBe("redis+sentinel://s1:1/main");
});
