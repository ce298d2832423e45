/** The options of a DHCP packet as code and bytes: their layout alone, no meaning (RFC 2132 section 2, RFC 3396). */

import { DhcpPacketError } from "./packet-error.ts";

/** The instances of each option by its code, in the order of the packet; the format of an option makes a value of them. */
export type RawOptions = ReadonlyMap<number, readonly Uint8Array[]>;

/** Takes the fault of an option that is left out. */
export type OnIgnored = (error: DhcpPacketError) => void;

const PAD = 0;
const END = 255;
const OVERLOAD = 52;
const LONGEST_INSTANCE = 255;

/**
 * Reads the options field and, if option 52 says so, `file` and `sname`, in the order of RFC 3396, section 5. An option
 * that runs over the end of its field is left out.
 */
export function decodeOptions(
  fields: { readonly options: Uint8Array; readonly file: Uint8Array; readonly sname: Uint8Array },
  ignored: OnIgnored,
): RawOptions {
  const instances = new Map<number, Uint8Array[]>();
  collectInstances(fields.options, { instances, ignored });
  const overload = readOverload(instances.get(OVERLOAD)?.[0], ignored);
  if ((overload & 1) !== 0) collectInstances(fields.file, { instances, ignored });
  if ((overload & 2) !== 0) collectInstances(fields.sname, { instances, ignored });
  return instances;
}

/** Writes options in their order, an END after them; a value of more than 255 bytes as several instances (RFC 3396). */
export function encodeOptions(options: RawOptions): Uint8Array {
  const bytes: number[] = [];
  for (const [code, values] of options) {
    for (const value of values) {
      for (let at = 0; at === 0 || at < value.length; at += LONGEST_INSTANCE) {
        const instance = value.subarray(at, at + LONGEST_INSTANCE);
        bytes.push(code, instance.length, ...instance);
      }
    }
  }
  return Uint8Array.from([...bytes, END]);
}

interface Collection {
  readonly instances: Map<number, Uint8Array[]>;
  readonly ignored: OnIgnored;
}

/** Reads one field up to END; END may be missing if the last option ends with the field. */
function collectInstances(field: Uint8Array, { instances, ignored }: Collection): void {
  let at = 0;
  while (at < field.length) {
    const code = field[at++];
    if (code === PAD) continue;
    if (code === undefined || code === END) return;
    const length = field[at++];
    if (length === undefined || at + length > field.length) {
      ignored(new DhcpPacketError(`Cannot read option ${code}: it runs over the end of its field`));
      return;
    }
    const values = instances.get(code) ?? [];
    values.push(field.subarray(at, at + length));
    instances.set(code, values);
    at += length;
  }
}

/** 0: neither field holds options, 1: `file` does, 2: `sname`, 3: both (RFC 2132, section 9.3). */
function readOverload(bytes: Uint8Array | undefined, ignored: OnIgnored): number {
  if (bytes === undefined) return 0;
  const [value] = bytes;
  if (bytes.length === 1 && value !== undefined && value >= 1 && value <= 3) return value;
  ignored(new DhcpPacketError("Cannot read option 52 (overload): wanted one byte from 1 to 3"));
  return 0;
}
