/** The datagram of omdiscd, the autodiscovery daemon of openMosix-tools 0.3.6, byte for byte. */

export const DISCOVERY_GROUP = "239.192.0.1";
export const DISCOVERY_PORT = 1334;

/** Always so long: magic, type, and six addresses, those that are not used being 0. */
export const DISCOVERY_BYTES = 29;
export const MOST_ADDRESSES = 6;

const MAGIC = 0x64c4f01e;
const ADDRESSES_AT = 5;

/** A node comes and asks the others to answer, a node answers or just says that it is there, a node goes. */
export type DiscoveryType = "join" | "ack" | "leave";

const LETTERS = { join: 0x6a, ack: 0x61, leave: 0x65 } as const satisfies Record<DiscoveryType, number>;

export interface DiscoveryPacket {
  readonly type: DiscoveryType;
  /** Unsigned 32 bits, the primary address first, then its aliases; one to six. */
  readonly addresses: readonly number[];
}

export function encodeDiscovery({ type, addresses }: DiscoveryPacket): Uint8Array {
  const bytes = new Uint8Array(DISCOVERY_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC);
  view.setUint8(4, LETTERS[type]);
  for (const [index, address] of addresses.slice(0, MOST_ADDRESSES).entries()) {
    view.setUint32(ADDRESSES_AT + 4 * index, address);
  }
  return bytes;
}

/** The packet in a datagram, or nothing where omdiscd would ignore it too: wrong length, magic or type. */
export function decodeDiscovery(bytes: Uint8Array): DiscoveryPacket | undefined {
  if (bytes.length !== DISCOVERY_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  if (view.getUint32(0) !== MAGIC) return undefined;
  const type = (Object.keys(LETTERS) as DiscoveryType[]).find((name) => LETTERS[name] === view.getUint8(4));
  const all = Array.from({ length: MOST_ADDRESSES }, (_, index) => view.getUint32(ADDRESSES_AT + 4 * index));
  const addresses = all.filter((address) => address !== 0);
  return type === undefined || all[0] === 0 ? undefined : { type, addresses };
}
