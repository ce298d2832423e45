/**
 * Images of criu(8), which are read, and changed on their way: images/*.proto of criu. A file is two magic numbers (4 bytes each),
 * and then entries: their length (4 bytes, little-endian) and a message of Protocol Buffers
 * (protobuf.dev/programming-guides/encoding).
 */

import { readFileSync, writeFileSync } from "node:fs";

const MAGIC_BYTES = 8;
const LENGTH_BYTES = 4;
const MOST_VARINT_BYTES = 10;

/** A field of a message: a number, or bytes. */
export interface Field {
  readonly number: number;
  /** 0: varint, 1: 8 bytes, 2: bytes with their length, 5: 4 bytes. */
  readonly wire: number;
  readonly value: bigint | Uint8Array;
}

/** The message with these fields instead. */
export type Change = (fields: readonly Field[]) => readonly Field[];

/** Changes each entry of an image. @throws RangeError where the file is none */
export function changeImage(path: string, change: Change): void {
  const bytes = readFileSync(path);
  const pieces = entriesOf(bytes).flatMap((fields) => {
    const entry = formatMessage(change(fields));
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeUInt32LE(entry.length);
    return [length, entry];
  });
  writeFileSync(path, Buffer.concat([bytes.subarray(0, MAGIC_BYTES), ...pieces]));
}

/** The entries of an image. @throws RangeError where the file is none */
export function readImage(path: string): Field[][] {
  return entriesOf(readFileSync(path));
}

/** The messages that the fields with that number hold. @throws RangeError where they are none */
export function fieldsOf(fields: readonly Field[], number: number): Field[][] {
  return bytesOf(fields, number).map(parseMessage);
}

/** What the fields with that number hold, where these are no numbers. */
export function bytesOf(fields: readonly Field[], number: number): Uint8Array[] {
  return fields.flatMap(({ number: each, value }) =>
    each === number && typeof value !== "bigint" ? [value] : [],
  );
}

function entriesOf(bytes: Buffer): Field[][] {
  const entries: Field[][] = [];
  for (let at = MAGIC_BYTES; at < bytes.length; ) {
    if (at + LENGTH_BYTES > bytes.length) throw unreadable();
    const end = at + LENGTH_BYTES + bytes.readUInt32LE(at);
    if (end > bytes.length) throw unreadable();
    entries.push(parseMessage(bytes.subarray(at + LENGTH_BYTES, end)));
    at = end;
  }
  return entries;
}

/** A change of each message that the field with that number holds. */
export function within(number: number, change: Change): Change {
  return (fields) =>
    fields.map((field) => {
      if (field.number !== number || typeof field.value === "bigint") return field;
      return { ...field, value: formatMessage(change(parseMessage(field.value))) };
    });
}

/** @throws RangeError where the bytes are no message */
export function parseMessage(bytes: Uint8Array): Field[] {
  const fields: Field[] = [];
  for (let at = 0; at < bytes.length; ) {
    const key = readVarint(bytes, at);
    const [number, wire] = [Number(key.value >> 3n), Number(key.value & 7n)];
    const { value, end } = readValue(bytes, key.end, wire);
    fields.push({ number, wire, value });
    at = end;
  }
  return fields;
}

export function formatMessage(fields: readonly Field[]): Uint8Array {
  const pieces = fields.flatMap(({ number, wire, value }) => {
    const key = varint((BigInt(number) << 3n) | BigInt(wire));
    if (typeof value === "bigint") return [key, varint(value)];
    return wire === 2 ? [key, varint(BigInt(value.length)), value] : [key, value];
  });
  return Buffer.concat(pieces);
}

function readValue(
  bytes: Uint8Array,
  at: number,
  wire: number,
): { readonly value: bigint | Uint8Array; readonly end: number } {
  if (wire === 0) return readVarint(bytes, at);
  let [start, length] = [at, wire === 1 ? 8 : 4];
  if (wire === 2) {
    const counted = readVarint(bytes, at);
    [start, length] = [counted.end, Number(counted.value)];
  } else if (wire !== 1 && wire !== 5) throw unreadable();
  if (start + length > bytes.length) throw unreadable();
  return { value: bytes.subarray(start, start + length), end: start + length };
}

function readVarint(bytes: Uint8Array, from: number): { readonly value: bigint; readonly end: number } {
  let value = 0n;
  for (let at = from; at < from + MOST_VARINT_BYTES && at < bytes.length; at++) {
    value |= BigInt(bytes[at]! & 0x7f) << BigInt(7 * (at - from));
    if (bytes[at]! < 0x80) return { value, end: at + 1 };
  }
  throw unreadable();
}

function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Uint8Array.from([...bytes, Number(rest)]);
}

function unreadable(): RangeError {
  return new RangeError("Cannot read an image of criu: a message of Protocol Buffers was wanted");
}
