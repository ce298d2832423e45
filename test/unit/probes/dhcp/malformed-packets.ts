/** Malformed packets for readReply(), the same sequence in every run. */

import { DhcpPacketError } from "../../../../probes/dhcp/packet/packet-error.ts";
import { decodeDatagram } from "../../../../probes/dhcp/packet/udp.ts";
import { readReply } from "../../../../probes/dhcp/reply.ts";
import { wrap } from "./build.ts";
import { CAPTURED, MAC } from "./captured.ts";
import { createRandom } from "./random.ts";

const random = createRandom(0x636c756d);
const samples = Object.values(CAPTURED);
const payloads = samples.map((packet) => decodeDatagram(packet).payload);
const pick = <T>(from: readonly T[]): T => from[random(from.length)]!;
const randomBytes = (length: number) => new Uint8Array(length).map(() => random(256));

function mutate(bytes: Uint8Array, from = 0): Uint8Array {
  const copy = bytes.slice(0, random(8) === 0 ? random(bytes.length) : bytes.length);
  for (let left = 1 + random(8); left > 0 && copy.length > from; left--) {
    copy[from + random(copy.length - from)] = pick([0, 1, 52, 255, 128, random(256)]);
  }
  return copy;
}

/** Packets of noise, packets with some bytes wrong, and, with right checksums, wrong options and payloads. */
const KINDS: readonly (() => Uint8Array)[] = [
  () => randomBytes(random(700)),
  () => mutate(pick(samples)),
  () => wrap(mutate(pick(payloads))),
  () => wrap(mutate(pick(payloads), 240)),
  () => wrap(Uint8Array.from([...pick(payloads).subarray(0, 240), ...randomBytes(random(400))])),
  () => wrap(overloaded()),
];

function overloaded(): Uint8Array {
  const payload = Uint8Array.from([...pick(payloads).subarray(0, 240), 52, 1, 1 + random(3), 53, 1, 2, 255]);
  payload.set(randomBytes(192), 44);
  return payload;
}

/**
 * Reads so many malformed packets. Returns how many readReply() took and refused, and the milliseconds of
 * processor time that it all took, which do not depend on what else the machine does.
 * @throws Error with the packet's bytes where readReply() throws anything but DhcpPacketError
 */
export function readMalformedPackets(inputs: number): {
  read: number;
  refused: number;
  milliseconds: number;
} {
  const outcomes = { read: 0, refused: 0 };
  const start = process.cpuUsage();
  for (let count = 0; count < inputs; count++) {
    const packet = KINDS[count % KINDS.length]!();
    try {
      readReply(packet, { mac: MAC });
      outcomes.read += 1;
    } catch (error) {
      if (!(error instanceof DhcpPacketError)) throw new Error(`Input ${packet.toHex()}`, { cause: error });
      outcomes.refused += 1;
    }
  }
  return { ...outcomes, milliseconds: process.cpuUsage(start).user / 1_000 };
}
