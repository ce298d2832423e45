import { expect, test } from "bun:test";
import { fragment } from "../../../../../probes/dhcp/packet/fragment.ts";
import { encodeDatagram, onesComplementSum } from "../../../../../probes/dhcp/packet/udp.ts";

const PACKET = encodeDatagram({
  ...{ source: "10.9.0.50", destination: "255.255.255.255", sourcePort: 68, destinationPort: 67 },
  payload: new Uint8Array(300).map((_, at) => at),
});

test.each([
  [68, 7],
  [300, 2],
  [327, 2],
  [576, 1],
])("fragment() for an MTU of %p makes %p packets that make the whole again", (mtu, count) => {
  const fragments = fragment(PACKET, { mtu, id: 0xabcd });
  expect(fragments).toHaveLength(count);
  const payload = new Uint8Array(PACKET.length - 20);
  for (const [index, bytes] of fragments.entries()) {
    const view = new DataView(bytes.buffer);
    expect(bytes.length).toBeLessThanOrEqual(mtu);
    expect(view.getUint16(2)).toBe(bytes.length);
    expect(view.getUint16(4)).toBe(0xabcd);
    expect(view.getUint16(6) >> 13).toBe(index + 1 < count ? 1 : 0);
    expect(onesComplementSum(bytes.subarray(0, 20))).toBe(0xffff);
    expect(bytes.subarray(12, 20)).toEqual(PACKET.subarray(12, 20));
    payload.set(bytes.subarray(20), (view.getUint16(6) & 0x1fff) * 8);
  }
  expect([...payload]).toEqual([...PACKET.subarray(20)]);
});
