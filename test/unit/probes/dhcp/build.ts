/** Answers of a server, built from what each test wants different. */

import { MESSAGE_TYPE, OPTION, writeOption } from "../../../../probes/dhcp/packet/options.ts";
import { encodePacket, type Packet } from "../../../../probes/dhcp/packet/packet.ts";
import { encodeDatagram } from "../../../../probes/dhcp/packet/udp.ts";
import { addressToNumber } from "../../../../system/address/ipv4.ts";
import { MAC } from "./captured.ts";

export interface Answer {
  readonly type?: keyof typeof MESSAGE_TYPE;
  readonly xid?: number;
  readonly address?: string;
  /** Replaces options of the default answer: bytes, or the bytes of each instance; undefined leaves one out. */
  readonly options?: Readonly<Record<number, readonly number[] | readonly number[][] | undefined>>;
  readonly chaddr?: Uint8Array;
}

export const SERVER = "10.9.0.1";

/** The BOOTP packet of an answer: 10.9.0.50/24 for 3,600 s from 10.9.0.1. */
export function answer({
  type = "OFFER",
  xid = 1,
  address = "10.9.0.50",
  options = {},
  chaddr = MAC,
}: Answer = {}): Packet {
  const all = new Map([
    writeOption(OPTION.messageType, MESSAGE_TYPE[type]),
    writeOption(OPTION.server, SERVER),
    writeOption(OPTION.leaseTime, 3_600),
    writeOption(OPTION.subnetMask, 24),
  ]);
  for (const [code, bytes] of Object.entries(options)) {
    if (bytes === undefined) all.delete(Number(code));
    else all.set(Number(code), instancesOf(bytes));
  }
  const none = "0.0.0.0";
  const addresses = { ciaddr: none, yiaddr: address, siaddr: none, giaddr: none };
  return { op: "reply", xid, secs: 0, broadcast: false, ...addresses, chaddr, options: all };
}

function instancesOf(bytes: readonly number[] | readonly number[][]): Uint8Array[] {
  const isList = (value: readonly number[] | readonly number[][]): value is readonly number[][] =>
    Array.isArray(value[0]);
  return isList(bytes) ? bytes.map((instance) => Uint8Array.from(instance)) : [Uint8Array.from(bytes)];
}

/** The whole IPv4 packet of an answer. */
export function answerPacket(given: Answer = {}): Uint8Array {
  return wrap(encodePacket(answer(given)));
}

/** Headers around any payload, from a server's port to a client's. */
export function wrap(payload: Uint8Array): Uint8Array {
  return encodeDatagram({
    source: SERVER,
    destination: "255.255.255.255",
    sourcePort: 67,
    destinationPort: 68,
    payload,
  });
}

/** An address as the four bytes of an option. */
export function bytesOf(address: string): number[] {
  const number = addressToNumber(address);
  return [number >>> 24, (number >>> 16) & 255, (number >>> 8) & 255, number & 255];
}

/** Fills in the IPv4 header's checksum again, so that a change in it is all that is wrong. */
export function withIpChecksum(packet: Uint8Array): Uint8Array {
  const copy = packet.slice();
  copy.set([0, 0], 10);
  let sum = 0;
  for (let at = 0; at < 20; at += 2) sum += (copy[at]! << 8) | copy[at + 1]!;
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  copy.set([(~sum >> 8) & 255, ~sum & 255], 10);
  return copy;
}
