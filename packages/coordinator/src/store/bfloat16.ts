/**
 * Numbers in two bytes: the upper half of an IEEE 754 single, with its range and 8 significant bits (known as bfloat16). For what
 * is drawn and averaged, an error of 0.4 % is none.
 */
const single = new DataView(new ArrayBuffer(4));

/** Rounds to the nearest, ties to even. */
export function writeBfloat16(buffer: Buffer, offset: number, value: number): void {
  single.setFloat32(0, value);
  const bits = single.getUint32(0);
  const rounded = Number.isNaN(value) ? bits : bits + 0x7fff + ((bits >>> 16) & 1);
  buffer.writeUInt16BE((rounded >>> 16) & 0xffff, offset);
}

export function readBfloat16(buffer: Buffer, offset: number): number {
  single.setUint32(0, buffer.readUInt16BE(offset) << 16);
  return single.getFloat32(0);
}
