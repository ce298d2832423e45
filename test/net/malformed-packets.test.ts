import { expect, test } from "bun:test";
import { readMalformedPackets } from "../unit/probes/dhcp/malformed-packets.ts";

const INPUTS = 120_000;

test(`readReply() throws nothing but DhcpPacketError at ${INPUTS} malformed packets`, () => {
  const { read, refused, milliseconds } = readMalformedPackets(INPUTS);
  expect(milliseconds).toBeLessThan(20_000);
  expect(read).toBeGreaterThan(1_000);
  expect(refused).toBeGreaterThan(50_000);
}, 60_000);
