/**
 * The addresses of a Redis that Holdfast understands, as options of its client library.
 *
 *   redis://[user:password@]host[:port][/db]                      rediss:// with TLS
 *   redis+unix:///path/of/socket[?db=0]                           also unix:///path
 *   redis+sentinel://[user:password@]host[:port],…/primary[?db=0] rediss+sentinel:// with TLS to Redis and sentinels;
 *                                                                 ?sentinelUser=…&sentinelPassword=… if they ask
 */
import type { ConnectionOptions as TlsOptions } from "node:tls";
import { invalidField } from "@holdfast/shared/errors.ts";
import type { RedisOptions } from "ioredis";

const forms = [
  "redis://host:port/db",
  "rediss://host:port/db",
  "redis+unix:///path",
  "redis+sentinel://host1:port,host2:port/primary?db=0",
].join(", ");

/** `replyMapping` is left out because the library's own types contradict each other on it. */
export type ClientOptions = Omit<RedisOptions, "replyMapping">;

interface Parts {
  readonly scheme: string;
  readonly username: string;
  readonly password: string;
  readonly authority: string;
  readonly path: string;
  readonly query: URLSearchParams;
}

/**
 * @param field what the setting is called, for the error
 * @param tls CA, certificate and key for `rediss:` and `rediss+sentinel:`
 * @throws HoldfastError invalidArgument, which never shows a password
 */
export function parseRedisUrl(url: string, field = "redis", tls: TlsOptions = {}): ClientOptions {
  const parts = split(url, field);
  const credentials = { ...nonEmpty("username", parts.username), ...nonEmpty("password", parts.password) };
  switch (parts.scheme) {
    case "redis":
    case "rediss": {
      const { host, port } = address(parts.authority, 6379, field);
      const db = databaseNumber(parts.query.get("db") ?? parts.path.slice(1), field);
      return { ...credentials, host, port, db, ...(parts.scheme === "rediss" ? { tls } : {}) };
    }
    case "unix":
    case "redis+unix": {
      if (parts.authority !== "") throw invalidField(field, `a socket's path starts with "/": ${parts.scheme}:///path`);
      if (parts.path.length < 2)
        throw invalidField(field, `the socket's path is missing, as in ${parts.scheme}:///path`);
      return { ...credentials, path: parts.path, db: databaseNumber(parts.query.get("db") ?? "", field) };
    }
    case "redis+sentinel":
    case "rediss+sentinel":
      return { ...credentials, ...sentinelOptions(parts, field, tls) };
    default:
      throw invalidField(field, `unknown scheme "${parts.scheme}:"; use one of ${forms}`);
  }
}

/** The address without user and password, for messages. */
export function describeRedisUrl(url: string): string {
  return url.replace(/\/\/[^@/]*@/, "//").replace(/\?.*$/, "");
}

function sentinelOptions(parts: Parts, field: string, tls: TlsOptions): ClientOptions {
  const name = parts.path.slice(1);
  if (name === "" || name.includes("/")) {
    throw invalidField(field, "the primary's name is missing, as in redis+sentinel://host:26379/mymaster");
  }
  return {
    sentinels: parts.authority.split(",").map((each) => address(each, 26379, field)),
    name,
    db: databaseNumber(parts.query.get("db") ?? "", field),
    ...nonEmpty("sentinelUsername", parts.query.get("sentinelUser") ?? ""),
    ...nonEmpty("sentinelPassword", parts.query.get("sentinelPassword") ?? ""),
    ...(parts.scheme === "rediss+sentinel" ? { tls, sentinelTLS: tls, enableTLSForSentinelMode: true } : {}),
  };
}

/** By hand, because `URL` knows no list of hosts. */
function split(url: string, field: string): Parts {
  const match = /^([a-z+]+):\/\/(?:([^@/]*)@)?([^/?#]*)([^?#]*)(?:\?([^#]*))?$/.exec(url);
  if (match === null) throw invalidField(field, `not the address of a Redis; use one of ${forms}`);
  const [, scheme = "", userinfo = "", authority = "", path = "", query = ""] = match;
  const [username = "", ...password] = userinfo.split(":");
  const parameters = new URLSearchParams(query);
  for (const key of parameters.keys()) {
    if (!["db", "sentinelUser", "sentinelPassword"].includes(key)) {
      throw invalidField(field, `unknown parameter "${key}"; known are db, sentinelUser and sentinelPassword`);
    }
  }
  return {
    scheme,
    username: decode(username, field),
    password: decode(password.join(":"), field),
    authority,
    path: decode(path, field),
    query: parameters,
  };
}

function decode(text: string, field: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalidField(field, 'a "%" must be followed by two hexadecimal digits (write "%" itself as "%25")');
  }
}

function address(text: string, defaultPort: number, field: string): { host: string; port: number } {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:\s[\]]+))(?::(\d{1,5}))?$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = match?.[3] === undefined ? defaultPort : Number(match[3]);
  if (host === undefined) throw invalidField(field, `"${text}" is not host:port`);
  if (port < 1 || port > 65_535) throw invalidField(field, `port ${port} is not from 1 to 65535`);
  return { host, port };
}

function databaseNumber(text: string, field: string): number {
  if (!/^\d{0,5}$/.test(text)) throw invalidField(field, `"${text}" is not the number of a database`);
  return Number(text);
}

function nonEmpty<Key extends string>(key: Key, value: string): { readonly [K in Key]?: string } {
  return (value === "" ? {} : { [key]: value }) as { readonly [K in Key]?: string };
}
