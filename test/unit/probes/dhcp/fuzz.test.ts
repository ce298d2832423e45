import { expect, test } from "bun:test";
import { decodePacket } from "../../../../probes/dhcp/packet.ts";
import { DhcpPacketError } from "../../../../probes/dhcp/packet-error.ts";
import { readReply } from "../../../../probes/dhcp/reply.ts";
import { decodeDatagram } from "../../../../probes/dhcp/udp.ts";
import { wrap } from "./build.ts";
import { CAPTURED, MAC } from "./captured.ts";
import { createRandom } from "./random.ts";

const INPUTS = 120_000;
const LONGEST_RUN_MS = 20_000;

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

/** Whole packets of noise, packets with some bytes wrong, and, under right sums, wrong options and payloads. */
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

test(`readReply() throws nothing but DhcpPacketError at ${INPUTS} malformed packets, and is quick`, () => {
  const outcomes = { read: 0, refused: 0 };
  const start = process.cpuUsage();
  for (let count = 0; count < INPUTS; count++) {
    const packet = KINDS[count % KINDS.length]!();
    try {
      readReply(packet, { mac: MAC });
      outcomes.read += 1;
    } catch (error) {
      if (!(error instanceof DhcpPacketError)) throw new Error(`Input ${packet.toHex()}`, { cause: error });
      outcomes.refused += 1;
    }
  }
  // Processor time: how busy the machine is otherwise says nothing.
  expect(process.cpuUsage(start).user / 1_000).toBeLessThan(LONGEST_RUN_MS);
  // Mutations that reach every layer leave some packets sound: a fuzz that is all refused tests one check.
  expect(outcomes.read).toBeGreaterThan(1_000);
  expect(outcomes.refused).toBeGreaterThan(50_000);
}, 60_000);

test("decodePacket() is quick at the largest packet of the most options", () => {
  const packet = new Uint8Array(65_507);
  packet.set(payloads[1]!.subarray(0, 240));
  for (let at = 240; at + 1 < packet.length; at += 2) packet.set([1 + (at % 254), 0], at);
  const start = process.cpuUsage();
  decodePacket(packet);
  expect(process.cpuUsage(start).user / 1_000).toBeLessThan(1_000);
});
