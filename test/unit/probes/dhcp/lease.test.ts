import { describe, expect, test } from "bun:test";
import { type Lease, readLease } from "../../../../probes/dhcp/lease.ts";
import { DhcpPacketError } from "../../../../probes/dhcp/packet-error.ts";
import { type Answer, answer, bytesOf } from "./build.ts";

const text = (value: string) => [...new TextEncoder().encode(value)];
const seconds = (value: number) => bytesOf([24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join("."));
const DEFAULT_ROUTE = { destination: "0.0.0.0", prefix: 0, gateway: "10.9.0.1" };

describe("readLease()", () => {
  test.each<[string, Answer, Partial<Lease>]>([
    ["address, mask and broadcast", {}, { address: "10.9.0.50", prefix: 24, broadcast: "10.9.0.255" }],
    ["a given broadcast address", { options: { 28: bytesOf("10.9.0.0") } }, { broadcast: "10.9.0.0" }],
    ["no broadcast of elsewhere", { options: { 28: bytesOf("8.8.8.8") } }, { broadcast: "10.9.0.255" }],
    ["class A without a mask", { options: { 1: undefined } }, { prefix: 8 }],
    ["class B without a mask", { address: "172.16.9.9", options: { 1: undefined } }, { prefix: 16 }],
    ["class C without a mask", { address: "192.168.1.77", options: { 1: undefined } }, { prefix: 24 }],
    ["a /32, as clouds give it", { options: { 1: [255, 255, 255, 255] } }, { prefix: 32 }],
    ["the lower address of a /31", { options: { 1: [255, 255, 255, 254] } }, { prefix: 31 }],
    ["T1 and T2 by default", {}, { seconds: 3_600, renewAfter: 1_800, rebindAfter: 3_150 }],
    [
      "T1 and T2 as given",
      { options: { 58: seconds(60), 59: seconds(90) } },
      { renewAfter: 60, rebindAfter: 90 },
    ],
    [
      "T1 after T2",
      { options: { 58: seconds(90), 59: seconds(60) } },
      { renewAfter: 1_800, rebindAfter: 3_150 },
    ],
    ["T2 after the end", { options: { 59: seconds(4_000) } }, { renewAfter: 1_800, rebindAfter: 3_150 }],
    ["a T1 of zero", { options: { 58: seconds(0) } }, { renewAfter: 1_800 }],
    ["a T1 of two bytes", { options: { 58: [1, 2] } }, { renewAfter: 1_800 }],
    [
      "a lease for ever",
      { options: { 51: [255, 255, 255, 255] } },
      { seconds: Infinity, renewAfter: Infinity },
    ],
    [
      "the first router",
      { options: { 3: [...bytesOf("10.9.0.1"), ...bytesOf("10.9.0.2")] } },
      { routes: [DEFAULT_ROUTE] },
    ],
    [
      "a router after one that is none",
      { options: { 3: [0, 0, 0, 0, ...bytesOf("10.9.0.1")] } },
      { routes: [DEFAULT_ROUTE] },
    ],
    ["no router", {}, { routes: [] }],
    ["routers of five bytes as none", { options: { 3: [1, 2, 3, 4, 5] } }, { routes: [] }],
    [
      "classless routes before routers",
      {
        options: {
          3: bytesOf("10.9.0.9"),
          121: [0, 10, 9, 0, 1, 16, 10, 8, 10, 9, 0, 2, 32, 1, 2, 3, 4, 0, 0, 0, 0],
        },
      },
      {
        routes: [
          DEFAULT_ROUTE,
          { destination: "10.8.0.0", prefix: 16, gateway: "10.9.0.2" },
          { destination: "1.2.3.4", prefix: 32 },
        ],
      },
    ],
    [
      "a classless route's host bits as zero",
      { options: { 121: [12, 10, 0xff, 10, 9, 0, 1] } },
      { routes: [{ destination: "10.240.0.0", prefix: 12, gateway: "10.9.0.1" }] },
    ],
    [
      "routers where classless routes are cut",
      { options: { 3: bytesOf("10.9.0.1"), 121: [24, 10, 9] } },
      { routes: [DEFAULT_ROUTE] },
    ],
    ["no route of /33", { options: { 121: [33, 1, 2, 3, 4, 5, 10, 9, 0, 1] } }, { routes: [] }],
    [
      "no route to the loopback or through all, but the others",
      { options: { 121: [8, 127, 10, 9, 0, 1, 8, 11, 255, 255, 255, 255, 8, 12, 10, 9, 0, 1] } },
      { routes: [{ destination: "12.0.0.0", prefix: 8, gateway: "10.9.0.1" }] },
    ],
    [
      "DNS and NTP servers",
      { options: { 6: bytesOf("10.9.0.3"), 42: bytesOf("10.9.0.4") } },
      { dns: ["10.9.0.3"], ntp: ["10.9.0.4"] },
    ],
    ["no DNS server on the loopback", { options: { 6: bytesOf("127.0.0.1") } }, { dns: [] }],
    [
      "names",
      { options: { 12: text("node77"), 15: text("example.org.") } },
      { hostname: "node77", domain: "example.org" },
    ],
    ["a name that ends in NUL", { options: { 12: text("node77\0") } }, { hostname: "node77" }],
    ["an MTU", { options: { 26: [5, 120] } }, { mtu: 1_400 }],
    ["the smallest MTU", { options: { 26: [0, 68] } }, { mtu: 68 }],
  ])("reads %s", (_, given, expected) => {
    expect(readLease(answer(given))).toMatchObject(expected);
  });

  test.each([
    "-node",
    "node-",
    "a..b",
    "a b",
    "$(reboot)",
    "a\nb",
    "a/b",
    "ä",
    "",
    `${"x".repeat(64)}.org`,
    "a.".repeat(128),
  ])("leaves out the name %j", (name) => {
    const lease = readLease(answer({ options: { 12: text(name), 15: text(name) } }));
    expect([lease.hostname, lease.domain]).toEqual([undefined, undefined]);
  });

  test.each([[[0, 67]], [[0, 0]], [[1]]])("leaves out the MTU of bytes %p", (bytes) => {
    expect(readLease(answer({ options: { 26: bytes } })).mtu).toBeUndefined();
  });

  test("tells what it leaves out", () => {
    const ignored: string[] = [];
    readLease(answer({ options: { 42: [1, 2, 3] } }), (error) => ignored.push(error.message));
    expect(ignored).toEqual(["Cannot read option 42 (NTP servers): wanted addresses of 4 bytes"]);
  });

  test.each<[string, Answer]>([
    ["no address", { address: "0.0.0.0" }],
    ["a loopback address", { address: "127.0.0.1" }],
    ["a multicast address", { address: "224.0.0.5" }],
    ["the address of all", { address: "255.255.255.255" }],
    ["the network's own address", { address: "10.9.0.0" }],
    ["the network's broadcast address", { address: "10.9.0.255" }],
    ["a mask with a hole", { options: { 1: [255, 0, 255, 0] } }],
    ["a mask of zero", { options: { 1: [0, 0, 0, 0] } }],
    ["a mask of three bytes", { options: { 1: [255, 255, 255] } }],
    ["no server", { options: { 54: undefined } }],
    ["a server without an address", { options: { 54: [0, 0, 0, 0] } }],
    ["a server that is all", { options: { 54: [255, 255, 255, 255] } }],
    ["no lease time", { options: { 51: undefined } }],
    ["a lease time of two bytes", { options: { 51: [1, 1] } }],
    ["a lease of three seconds", { options: { 51: [0, 0, 0, 3] } }],
  ])("refuses %s", (_, given) => {
    expect(() => readLease(answer(given))).toThrow(DhcpPacketError);
  });
});
