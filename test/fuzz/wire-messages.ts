/**
 * Bytes that claim to be messages of the contract: well-formed ones with any values, drawn from the descriptors, and what
 * becomes of them when they are damaged as a broken or hostile peer would.
 */

import { protoFolder } from "@holdfast/shared/contract/load.ts";
import { protoFiles } from "@holdfast/shared/contract/proto-files.ts";
import fc from "fast-check";
import protobuf from "protobufjs";

const contract = new protobuf.Root();
contract.resolvePath = (_, target) => `${protoFolder}/${target}`;
contract.loadSync([...protoFiles], { keepCase: false });

/** Words that mean something to the other side, so that not all is refused at the first look. */
export type Vocabulary = readonly string[];

const wireTypes = { varint: 0, fixed64: 1, lengthDelimited: 2, startGroup: 3, endGroup: 4, fixed32: 5 } as const;
const nestingMax = 4;

// --- well-formed -------------------------------------------------------------------------------------------------------

/** @param name such as "Hello" */
export function messageBytes(name: string, vocabulary: Vocabulary): fc.Arbitrary<Buffer> {
  return bytesOf(contract.lookupType(`holdfast.v1.${name}`), vocabulary, 0);
}

function bytesOf(type: protobuf.Type, vocabulary: Vocabulary, depth: number): fc.Arbitrary<Buffer> {
  const fields = type.fieldsArray.map((field) => fieldBytes(field.resolve(), vocabulary, depth));
  if (fields.length === 0) return fc.constant(Buffer.alloc(0));
  return fc.array(fc.oneof(...fields), { maxLength: 12 }).map((parts) => Buffer.concat(parts));
}

function fieldBytes(field: protobuf.Field, vocabulary: Vocabulary, depth: number): fc.Arbitrary<Buffer> {
  if (!(field instanceof protobuf.MapField)) return valueBytes(field, field.id, vocabulary, depth);
  const key = fc.constantFrom(...vocabulary, "a b", "", "k".repeat(70)).map((text) => delimited(1, Buffer.from(text)));
  return fc
    .tuple(key, valueBytes(field, 2, vocabulary, depth))
    .map((entry) => delimited(field.id, Buffer.concat(entry)));
}

function valueBytes(
  field: protobuf.Field,
  number: number,
  vocabulary: Vocabulary,
  depth: number,
): fc.Arbitrary<Buffer> {
  const { type, resolvedType } = field;
  if (resolvedType instanceof protobuf.Type) {
    if (depth >= nestingMax) return fc.constant(delimited(number, Buffer.alloc(0)));
    return fc
      .constant(null)
      .chain(() => bytesOf(resolvedType, vocabulary, depth + 1))
      .map((inner) => delimited(number, inner));
  }
  if (resolvedType instanceof protobuf.Enum) {
    return fc
      .oneof({ arbitrary: fc.bigInt(0n, 12n), weight: 4 }, anyInteger)
      .map((value) => varintField(number, value));
  }
  switch (type) {
    case "string":
      return text(vocabulary).map((value) => delimited(number, Buffer.from(value)));
    case "bytes":
      return fc.uint8Array({ maxLength: 64 }).map((value) => delimited(number, Buffer.from(value)));
    case "double":
      return fc.double().map((value) => {
        const bytes = Buffer.alloc(8);
        bytes.writeDoubleLE(value);
        return Buffer.concat([tag(number, wireTypes.fixed64), bytes]);
      });
    case "bool":
      return fc.bigInt(0n, 2n).map((value) => varintField(number, value));
    default:
      return anyInteger.map((value) => varintField(number, value));
  }
}

const anyInteger = fc.oneof(
  fc.bigInt(0n, 1_000n),
  fc.constantFrom(2n ** 31n - 1n, 2n ** 32n, 2n ** 53n - 1n, 2n ** 53n + 1n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n),
  fc.bigInt(0n, 2n ** 64n - 1n),
);

function text(vocabulary: Vocabulary): fc.Arbitrary<string> {
  return fc.oneof(
    { arbitrary: fc.constantFrom(...vocabulary), weight: 3 },
    fc.string({ unit: "binary", maxLength: 40 }),
    fc.constantFrom(
      "",
      "\0",
      "\t\n",
      "../../etc/passwd",
      "__proto__",
      "constructor",
      "x".repeat(5_000),
      "é".repeat(300),
    ),
  );
}

// --- damaged -----------------------------------------------------------------------------------------------------------

/** One of the messages, whole or damaged. */
export function damaged(messages: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer> {
  return fc.tuple(messages, fc.array(damage, { maxLength: 3 })).map(([bytes, damages]) => {
    return damages.reduce((before, one) => one(before), bytes);
  });
}

type Damage = (bytes: Buffer) => Buffer;

const at = fc.nat(1_000_000);

const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.tuple(at, fc.nat(7)).map(([place, bit]) => (bytes: Buffer) => {
    const copy = Buffer.from(bytes);
    const index = copy.length === 0 ? 0 : place % copy.length;
    if (copy.length > 0) copy[index] = (copy[index] as number) ^ (1 << bit);
    return copy;
  }),
  at.map((place) => (bytes: Buffer) => bytes.subarray(0, place % (bytes.length + 1))),
  fc.tuple(at, fc.uint8Array({ minLength: 1, maxLength: 12 })).map(
    ([place, noise]) =>
      (bytes: Buffer) =>
        insert(bytes, place, Buffer.from(noise)),
  ),
  fc.constantFrom(...strangeFields()).map((field) => (bytes: Buffer) => Buffer.concat([bytes, field])),
  fc.constantFrom(...strangeFields()).map((field) => (bytes: Buffer) => Buffer.concat([field, bytes])),
  fc.constant((bytes: Buffer) => Buffer.concat([bytes, bytes])),
);

function insert(bytes: Buffer, place: number, noise: Buffer): Buffer {
  const index = place % (bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, index), noise, bytes.subarray(index)]);
}

/** What no writer of the contract makes. */
function strangeFields(): Buffer[] {
  const numbers = [1, 2, 3, 4, 5, 10, 99, 536_870_911];
  const endless = Buffer.alloc(11, 0xff);
  return [
    ...numbers.map((number) => varintField(number, 2n ** 64n - 1n)),
    ...numbers.map((number) => Buffer.concat([tag(number, wireTypes.varint), endless])),
    ...numbers.map((number) => Buffer.concat([tag(number, wireTypes.fixed32), Buffer.alloc(4, 0xff)])),
    ...numbers.map((number) => Buffer.concat([tag(number, wireTypes.fixed64), Buffer.alloc(8, 0xff)])),
    ...numbers.map((number) => delimited(number, Buffer.from([0xc3, 0x28, 0xff, 0xfe, 0xed, 0xa0, 0x80]))),
    // A length that promises more than there is, and one that is negative as 32 bits.
    ...numbers.map((number) => Buffer.concat([tag(number, wireTypes.lengthDelimited), varint(2n ** 31n - 1n)])),
    ...numbers.map((number) => Buffer.concat([tag(number, wireTypes.lengthDelimited), varint(2n ** 32n - 1n)])),
    tag(3, wireTypes.endGroup),
    tag(0, wireTypes.varint),
    Buffer.from([0x0f]),
  ];
}

/** Messages inside messages (`groups`: in the old way), as deep as a MiB allows. */
export function deeplyNested(number: number, groups: boolean): Buffer {
  const most = 1_000_000;
  if (groups) return Buffer.concat(Array.from({ length: most }, () => tag(number, wireTypes.startGroup)));
  const lengths: Buffer[] = [];
  for (let size = 0; size < most; ) {
    const head = Buffer.concat([tag(number, wireTypes.lengthDelimited), varint(BigInt(size))]);
    lengths.push(head);
    size += head.length;
  }
  return Buffer.concat(lengths.reverse());
}

// --- the format --------------------------------------------------------------------------------------------------------

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let left = BigInt.asUintN(64, value);
  for (; left > 0x7fn; left >>= 7n) bytes.push(Number(left & 0x7fn) | 0x80);
  return Buffer.from([...bytes, Number(left)]);
}

function tag(number: number, wireType: number): Buffer {
  return varint(BigInt(number) * 8n + BigInt(wireType));
}

function varintField(number: number, value: bigint): Buffer {
  return Buffer.concat([tag(number, wireTypes.varint), varint(value)]);
}

function delimited(number: number, content: Buffer): Buffer {
  return Buffer.concat([tag(number, wireTypes.lengthDelimited), varint(BigInt(content.length)), content]);
}
