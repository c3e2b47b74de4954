/**
 * Reads requests as protobuf demands: text must be UTF-8, and a message must not end early. The library's reader replaces
 * invalid bytes with U+FFFD and cuts short what is too short, so a task would be run with arguments that nobody sent.
 *
 * What cannot be read becomes a `Malformed` instead of an exception, which the library would answer with INTERNAL.
 */
import { isUtf8 } from "node:buffer";
import { maxMessageBytes } from "@holdfast/shared/contract/channel-options.ts";
import { HoldfastError, invalidField } from "@holdfast/shared/errors.ts";
import protobuf from "protobufjs";

/** A request that could not be read; handlers answer with its error. */
export class Malformed {
  readonly error: HoldfastError;

  constructor(error: HoldfastError) {
    this.error = error;
  }
}

/** Stands where text was not UTF-8, until the path to it is known. No valid text has a lone surrogate. */
const notText = "\ud800not UTF-8";

/** What `toString` calls in the end; undocumented, but what the library's own reader uses, and twice as fast. */
interface FastBuffer extends Buffer {
  utf8Slice(start: number, end: number): string;
}

class StrictReader extends protobuf.BufferReader {
  sawInvalidText = false;

  override string(): string {
    const length = this.uint32();
    const start = this.pos;
    const end = start + length;
    if (end > this.len) throw new RangeError("text ends beyond the message");
    this.pos = end;
    const buffer = this.buf as FastBuffer;
    const text = buffer.utf8Slice(start, end);
    // Invalid bytes have become U+FFFD; somebody may also have sent that very character.
    if (!text.includes("\ufffd") || isUtf8(buffer.subarray(start, end))) return text;
    this.sawInvalidText = true;
    return notText;
  }
}

function tooLarge(bytes: number): HoldfastError {
  const message = `the request has ${bytes} bytes, at most ${maxMessageBytes}; send it in several`;
  return new HoldfastError("resourceExhausted", message);
}

type Deserialize<Request> = (bytes: Buffer) => Request;

/** @returns a deserializer for the same messages that never throws. */
export function strictly<Request>(deserialize: Deserialize<Request>): Deserialize<Request | Malformed> {
  return (bytes) => {
    // The server itself lets through a little more, for what coordinators say to each other.
    if (bytes.length > maxMessageBytes) return new Malformed(tooLarge(bytes.length));
    const reader = new StrictReader(bytes);
    try {
      // The loader hands what it gets to protobufjs's decode(), which takes a reader as well as bytes.
      const request = deserialize(reader as unknown as Buffer);
      return reader.sawInvalidText ? new Malformed(invalidText(request)) : request;
    } catch (cause) {
      return new Malformed(new HoldfastError("invalidArgument", "the request is not a message of its type", { cause }));
    }
  };
}

function invalidText(request: unknown): HoldfastError {
  return invalidField(pathToInvalidText(request, "") ?? "request", "is not valid UTF-8");
}

/** Fields of requests whose keys are the client's own. */
const mapFields: ReadonlySet<string> = new Set(["environment", "labels", "counts"]);

function pathToInvalidText(value: unknown, path: string, isMap = false): string | null {
  if (value === notText) return path;
  if (typeof value !== "object" || value === null || Buffer.isBuffer(value)) return null;
  if (Array.isArray(value)) return firstOf(value, (item, index) => pathToInvalidText(item, `${path}[${index}]`));
  return firstOf(Object.entries(value), ([key, item]) => {
    if (key === notText) return `${path} (a key)`;
    if (isMap) return pathToInvalidText(item, `${path}[${key}]`);
    return pathToInvalidText(item, path === "" ? protoName(key) : `${path}.${protoName(key)}`, mapFields.has(key));
  });
}

function firstOf<Item>(items: readonly Item[], find: (item: Item, index: number) => string | null): string | null {
  for (const [index, item] of items.entries()) {
    const found = find(item, index);
    if (found !== null) return found;
  }
  return null;
}

/** `stopGraceMs` as the .proto files spell it. */
function protoName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
