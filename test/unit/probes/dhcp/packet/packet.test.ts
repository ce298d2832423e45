import { describe, expect, test } from "bun:test";
import { decodePacket, encodePacket } from "../../../../../probes/dhcp/packet/packet.ts";
import { DhcpPacketError } from "../../../../../probes/dhcp/packet/packet-error.ts";
import { decodeDatagram } from "../../../../../probes/dhcp/packet/udp.ts";
import { answer } from "../build.ts";
import { CAPTURED, MAC } from "../captured.ts";

const offer = decodeDatagram(CAPTURED.qemuOffer).payload;

describe("decodePacket()", () => {
  test("reads a captured offer", () => {
    expect(decodePacket(offer)).toMatchObject({
      op: "reply",
      xid: 3_670_502_720,
      broadcast: false,
      ciaddr: "0.0.0.0",
      yiaddr: "10.0.2.15",
      siaddr: "10.0.2.2",
      chaddr: MAC,
    });
  });

  test.each<[string, Uint8Array, RegExp]>([
    ["nothing", new Uint8Array(), /0 bytes/],
    ["a packet without room for the cookie", offer.subarray(0, 239), /239 bytes, wanted at least 240/],
    ["operation 3", offer.with(0, 3), /operation 3/],
    ["token ring", offer.with(1, 6), /hardware type 6/],
    ["a hardware address of 16 bytes", offer.with(2, 16), /addresses of 16 bytes/],
    ["another cookie", offer.with(236, 0), /no magic cookie/],
  ])("refuses %s", (_, bytes, message) => {
    expect(() => decodePacket(bytes)).toThrow(DhcpPacketError);
    expect(() => decodePacket(bytes)).toThrow(message);
  });
});

test("decodePacket() tells of an option beyond the end, and leaves it out", () => {
  const ignored: string[] = [];
  const bytes = Uint8Array.from([...offer.subarray(0, 240), 12, 1, 65, 53, 200, 1]);
  const { options } = decodePacket(bytes, (error) => ignored.push(error.message));
  expect([...options.keys()]).toEqual([12]);
  expect(ignored).toEqual(["Cannot read option 53: it runs over the end of its field"]);
});

describe("encodePacket()", () => {
  test("is undone by decodePacket()", () => {
    const packet = { ...answer(), secs: 65_535, broadcast: true, ciaddr: "1.2.3.4", giaddr: "9.8.7.6" };
    expect(decodePacket(encodePacket(packet))).toEqual(packet);
  });

  test("builds again, byte for byte, what was captured", () => {
    const sent = decodeDatagram(CAPTURED.discover).payload;
    expect(encodePacket(decodePacket(sent))).toEqual(sent);
  });

  test("fills up to the 300 bytes that old relays want", () => {
    expect(encodePacket(answer()).length).toBe(300);
  });
});
