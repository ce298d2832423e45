import { describe, expect, test } from "bun:test";
import { type Lease, readLease } from "../../../../probes/dhcp/lease.ts";
import { DhcpPacketError } from "../../../../probes/dhcp/packet/packet-error.ts";
import { type Answer, answer, bytesOf } from "./build.ts";

const text = (value: string) => [...new TextEncoder().encode(value)];
const seconds = (value: number) => bytesOf([24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join("."));
const OWN = bytesOf("10.9.0.50");
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
    ["the smallest MTU", { options: { 26: [2, 64] } }, { mtu: 576 }],
    [
      "the mask of the class where the given one has a hole",
      { options: { 1: [255, 0, 255, 0] } },
      { prefix: 8 },
    ],
    ["the mask of the class where the given one is zero", { options: { 1: [0, 0, 0, 0] } }, { prefix: 8 }],
    ["the mask of the class where the given one is cut", { options: { 1: [255, 255, 255] } }, { prefix: 8 }],
    [
      "a router after the node's own address",
      { options: { 3: [...OWN, ...bytesOf("10.9.0.1")] } },
      { routes: [DEFAULT_ROUTE] },
    ],
    ["no route through the node itself", { options: { 3: OWN } }, { routes: [] }],
    [
      "a router after the addresses of the network",
      { options: { 3: [...bytesOf("10.9.0.0"), ...bytesOf("10.9.0.255"), ...bytesOf("10.9.0.1")] } },
      { routes: [DEFAULT_ROUTE] },
    ],
    [
      "no classless route through the node itself",
      { options: { 121: [8, 11, ...OWN, 0, 10, 9, 0, 1] } },
      { routes: [DEFAULT_ROUTE] },
    ],
    [
      "classless routes of Microsoft",
      { options: { 3: bytesOf("10.9.0.9"), 249: [0, 10, 9, 0, 1] } },
      { routes: [DEFAULT_ROUTE] },
    ],
    [
      "classless routes before those of Microsoft and the static ones",
      { options: { 33: [10, 7, 0, 0, 10, 9, 0, 9], 121: [0, 10, 9, 0, 1], 249: [0, 10, 9, 0, 9] } },
      { routes: [DEFAULT_ROUTE] },
    ],
    [
      "static routes beside the router: networks of their class, hosts, and no default route",
      {
        options: {
          3: bytesOf("10.9.0.1"),
          33: ["172.16.0.0", "192.0.2.7", "0.0.0.0"].flatMap((to) => [
            ...bytesOf(to),
            ...bytesOf("10.9.0.2"),
          ]),
        },
      },
      {
        routes: [
          { destination: "172.16.0.0", prefix: 16, gateway: "10.9.0.2" },
          { destination: "192.0.2.7", prefix: 32, gateway: "10.9.0.2" },
          DEFAULT_ROUTE,
        ],
      },
    ],
    ["static routes of seven bytes as none", { options: { 33: [1, 2, 3, 4, 5, 6, 7] } }, { routes: [] }],
    [
      "search domains",
      { options: { 15: text("example.org"), 119: [1, 97, 2, 100, 101, 0, 1, 98, 0xc0, 2] } },
      { domain: "example.org", search: ["a.de", "b.de"] },
    ],
    [
      "a list of domains as search domains",
      { options: { 15: text("a.example b.example,c.example.") } },
      { domain: "a.example", search: ["a.example", "b.example", "c.example"] },
    ],
    [
      "names with underscores",
      { options: { 12: text("pc_7"), 15: text("_sites.ad_1.local") } },
      { hostname: "pc_7", domain: "_sites.ad_1.local" },
    ],
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
    // In option 15 blanks stand between domains.
    expect([lease.hostname, lease.domain]).toEqual([undefined, name === "a b" ? "a" : undefined]);
  });

  test.each<[string, Answer["options"], Partial<Lease>]>([
    ["the server", { 54: [bytesOf("10.9.0.1"), bytesOf("10.9.0.1")] }, { server: "10.9.0.1" }],
    [
      "the server, first with eight bytes",
      { 54: [[...OWN, ...OWN], bytesOf("10.9.0.1")] },
      { server: "10.9.0.1" },
    ],
    ["the mask", { 1: [bytesOf("255.255.255.0"), bytesOf("255.255.0.0")] }, { prefix: 24 }],
    [
      "the MTU",
      {
        26: [
          [5, 120],
          [5, 120],
        ],
      },
      { mtu: 1_400 },
    ],
    [
      "the broadcast address",
      { 28: [bytesOf("10.9.0.0"), bytesOf("10.9.0.255")] },
      { broadcast: "10.9.0.0" },
    ],
    [
      "T1 and T2",
      { 58: [seconds(60), seconds(60)], 59: [seconds(90), seconds(80)] },
      { renewAfter: 60, rebindAfter: 90 },
    ],
    ["the lease time", { 51: [seconds(600), seconds(3_600)] }, { seconds: 600 }],
    ["the host name", { 12: [text("pc"), text("pc")] }, { hostname: "pc" }],
    ["the domain", { 15: [text("example.org"), text("example.org")] }, { domain: "example.org" }],
    [
      "DNS servers, which are joined",
      { 6: [bytesOf("10.9.0.3"), bytesOf("10.9.0.4"), bytesOf("10.9.0.3")] },
      { dns: ["10.9.0.3", "10.9.0.4"] },
    ],
    ["DNS servers, one of them cut", { 6: [[10, 9, 0], bytesOf("10.9.0.4")] }, { dns: ["10.9.0.4"] }],
    [
      "classless routes, one of them cut in two",
      {
        121: [
          [0, 10, 9],
          [0, 1],
        ],
      },
      { routes: [DEFAULT_ROUTE] },
    ],
    [
      "the same classless routes",
      {
        121: [
          [0, 10, 9, 0, 1],
          [0, 10, 9, 0, 1],
        ],
      },
      { routes: [DEFAULT_ROUTE] },
    ],
    [
      "search domains, a pointer into the first",
      {
        119: [
          [1, 97, 2, 100, 101, 0],
          [1, 98, 0xc0, 2],
        ],
      },
      { search: ["a.de", "b.de"] },
    ],
  ])("reads %s, though it comes more than once", (_, options, expected) => {
    expect(readLease(answer({ options: { ...options } }))).toMatchObject(expected);
  });

  test.each([
    ["a name that is cut", [1, 97, 2, 100]],
    ["a pointer in a circle", [1, 97, 0xc0, 0]],
    ["a pointer beyond the end", [1, 97, 0xc0, 99]],
    ["a pointer that is cut", [1, 97, 0xc0]],
    ["a label with a blank", [3, 97, 32, 98, 0]],
    ["an empty name", [0]],
    ["nothing", []],
  ])("leaves out search domains with %s", (_, bytes) => {
    expect(readLease(answer({ options: { 119: bytes } })).search).toBeUndefined();
  });

  test.each(["localhost", "LOCALHOST", "localhost.localdomain"])("leaves out the host name %s", (name) => {
    expect(readLease(answer({ options: { 12: text(name) } })).hostname).toBeUndefined();
    expect(readLease(answer({ options: { 12: text(`s${name}`) } })).hostname).toBe(`s${name}`);
  });

  test.each([[[0, 68]], [[1, 44]], [[2, 63]], [[0, 0]], [[1]]])("leaves out the MTU of bytes %p", (bytes) => {
    expect(readLease(answer({ options: { 26: bytes } })).mtu).toBeUndefined();
  });

  test("tells what it leaves out", () => {
    const ignored: string[] = [];
    readLease(answer({ options: { 42: [1, 2, 3] } }), (error) => ignored.push(error.message));
    expect(ignored).toEqual(["Cannot read option 42 (NTP servers): wanted addresses of 4 bytes"]);
  });

  test.each<[Answer["options"], string]>([
    [{ 26: [1, 44] }, "Cannot use an MTU of 300: 576 or more was wanted"],
    [
      { 12: text("localhost") },
      "Cannot use the host name localhost: every machine has it for itself, and one of its own was wanted",
    ],
    [{ 3: OWN }, "Cannot use 10.9.0.50 as a router: it is the address of this node"],
    [{ 3: bytesOf("10.9.0.255") }, "Cannot use 10.9.0.255 as a router: it is no address of a host"],
    [{ 1: [255, 0, 255, 0] }, "Cannot read option 1 (subnet mask): wanted a mask with its ones on the left"],
  ])("tells that of %p: %s", (options, why) => {
    const ignored: string[] = [];
    readLease(answer({ options: { ...options } }), (error) => ignored.push(error.message));
    expect(ignored).toEqual([why]);
  });

  test.each<[string, Answer]>([
    ["no address", { address: "0.0.0.0" }],
    ["a loopback address", { address: "127.0.0.1" }],
    ["a multicast address", { address: "224.0.0.5" }],
    ["the address of all", { address: "255.255.255.255" }],
    ["the network's own address", { address: "10.9.0.0" }],
    ["the network's broadcast address", { address: "10.9.0.255" }],
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
