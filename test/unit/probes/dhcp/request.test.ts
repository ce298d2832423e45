import { describe, expect, test } from "bun:test";
import { OPTION, REQUESTED_OPTIONS, readOption } from "../../../../probes/dhcp/packet/options.ts";
import { decodePacket } from "../../../../probes/dhcp/packet/packet.ts";
import { decodeDatagram } from "../../../../probes/dhcp/packet/udp.ts";
import { encodeBroadcast, encodeRequest } from "../../../../probes/dhcp/request.ts";
import type { Request } from "../../../../probes/dhcp/state.ts";
import { CAPTURED, MAC } from "./captured.ts";

const DISCOVER: Request = { type: "DISCOVER", xid: 0x3ff525e7, secs: 0, broadcast: false };
const IDENTITY = { mac: MAC, mtu: 1_500, hostname: "node77" };

describe("encodeRequest()", () => {
  test("says what both real servers answered, byte for byte, but for the list of what it asks for", () => {
    const captured = decodePacket(decodeDatagram(CAPTURED.discover).payload);
    const { xid } = captured;
    const options = new Map([...captured.options, [55, [Uint8Array.from(REQUESTED_OPTIONS)]]]);
    expect(decodePacket(encodeRequest({ ...DISCOVER, xid }, IDENTITY))).toEqual({ ...captured, options });
  });

  test("names us by hardware address, so that firmware and we are one client", () => {
    const { options, chaddr } = decodePacket(encodeRequest(DISCOVER, IDENTITY));
    expect(chaddr).toEqual(MAC);
    expect(options.get(61)).toEqual([Uint8Array.of(1, ...MAC)]);
    expect(readOption(options, OPTION.vendorClass)).toBe("clump");
  });

  test("names us as it was told to", () => {
    const clientId = Uint8Array.of(0, ...Buffer.from("rack7"));
    const { options, chaddr } = decodePacket(encodeRequest(DISCOVER, { ...IDENTITY, clientId }));
    expect([options.get(61), chaddr]).toEqual([[clientId], MAC]);
  });

  test("says secs, flag, address and server where the request has them", () => {
    const request: Request = { ...DISCOVER, type: "REQUEST", secs: 9, broadcast: true };
    const given = { ...request, ciaddr: "10.9.0.50", requestedAddress: "10.9.0.51", server: "10.9.0.1" };
    const packet = decodePacket(encodeRequest(given, IDENTITY));
    expect(packet).toMatchObject({ op: "request", secs: 9, broadcast: true, ciaddr: "10.9.0.50" });
    expect(readOption(packet.options, OPTION.messageType)).toBe(3);
    expect(readOption(packet.options, OPTION.requestedAddress)).toBe("10.9.0.51");
    expect(readOption(packet.options, OPTION.server)).toBe("10.9.0.1");
  });

  test("says none of them otherwise", () => {
    const { options } = decodePacket(encodeRequest(DISCOVER, { mac: MAC, mtu: 1_500 }));
    expect([12, 50, 54].filter((code) => options.has(code))).toEqual([]);
  });

  test.each<[Request["type"], number[], Partial<Request>]>([
    [
      "DECLINE",
      [53, 61, 50, 54, 56],
      { requestedAddress: "10.9.0.50", server: "10.9.0.1", message: "taken" },
    ],
    ["RELEASE", [53, 61, 54], { ciaddr: "10.9.0.50", server: "10.9.0.1" }],
  ])("%s has the options of table 5 and no others: %p", (type, codes, more) => {
    const { options } = decodePacket(encodeRequest({ ...DISCOVER, ...more, type }, IDENTITY));
    expect([...options.keys()]).toEqual(codes);
  });

  test.each([
    [1_500, 1_472],
    [9_000, 1_472],
    [1_400, 1_372],
    [68, 576],
  ])("a link of %p bytes takes answers of %p", (mtu, longest) => {
    const { options } = decodePacket(encodeRequest(DISCOVER, { ...IDENTITY, mtu }));
    expect(readOption(options, OPTION.longestMessage)).toBe(longest);
  });
});

test("REQUESTED_OPTIONS has classless routes before routers, as RFC 3442 wants it", () => {
  expect(REQUESTED_OPTIONS.indexOf(121)).toBeLessThan(REQUESTED_OPTIONS.indexOf(3));
  expect(new Set(REQUESTED_OPTIONS).size).toBe(REQUESTED_OPTIONS.length);
});

test("encodeBroadcast() goes to all servers, from our address where we have one", () => {
  const payload = encodeRequest(DISCOVER, IDENTITY);
  const ports = { sourcePort: 68, destinationPort: 67, destination: "255.255.255.255" };
  expect(decodeDatagram(encodeBroadcast(payload))).toEqual({ source: "0.0.0.0", ...ports, payload });
  expect(decodeDatagram(encodeBroadcast(payload, "10.9.0.50")).source).toBe("10.9.0.50");
});
