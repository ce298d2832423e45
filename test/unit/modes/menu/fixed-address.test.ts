import { describe, expect, test } from "bun:test";
import {
  leaseOf,
  parseAddressAndMask,
  parseGateway,
  parseNameServers,
} from "../../../../modes/menu/fixed-address.ts";

const OWN = { address: "10.0.0.5", prefix: 24 };

describe("parseAddressAndMask()", () => {
  test.each([
    ["10.0.0.5/24", "10.0.0.5", 24],
    [" 10.0.0.5/255.255.255.0 ", "10.0.0.5", 24],
    ["192.168.1.7", "192.168.1.7", 24],
    ["172.16.1.7", "172.16.1.7", 16],
    ["10.0.0.5/32", "10.0.0.5", 32],
    ["10.0.0.4/31", "10.0.0.4", 31],
  ])("takes %p", (text, address, prefix) => {
    expect(parseAddressAndMask(text)).toEqual({ address, prefix });
  });

  test.each([
    ["", "Cannot use nothing as the address: one like 10.0.0.5/24 was wanted"],
    ["10.0.0.300/24", "Cannot use 10.0.0.300/24 as the address: one like 10.0.0.5/24 was wanted"],
    ["10.0.0.05/24", "one like 10.0.0.5/24 was wanted"],
    ["10.0.0/24", "one like 10.0.0.5/24 was wanted"],
    ["10.0.0.5/24/1", "one like 10.0.0.5/24 was wanted"],
    ["fd00::1/64", "one like 10.0.0.5/24 was wanted"],
    ["127.0.0.1/8", "the address of a host was wanted"],
    ["239.0.0.1/24", "the address of a host was wanted"],
    [
      "10.0.0.5/33",
      "Cannot use 33 as the mask: a number from 1 to 32, or a mask like 255.255.255.0 was wanted",
    ],
    ["10.0.0.5/0", "Cannot use 0 as the mask"],
    ["10.0.0.5/", "Cannot use nothing as the mask"],
    ["10.0.0.5/255.0.255.0", "Cannot use 255.0.255.0 as the mask"],
    ["10.0.0.0/24", "it is the address of the network, and that of a host was wanted"],
    ["10.0.0.255/24", "it is the broadcast address, and that of a host was wanted"],
  ])("refuses %p", (text, complaint) => {
    expect(() => parseAddressAndMask(text)).toThrow(complaint);
  });
});

describe("parseGateway()", () => {
  test.each([
    ["10.0.0.1", "10.0.0.1"],
    ["", undefined],
    ["  ", undefined],
  ])("takes %p", (text, gateway) => {
    expect(parseGateway(text, OWN)).toBe(gateway);
  });

  test.each([
    ["router", "an address like 10.0.0.1, or nothing was wanted"],
    ["10.0.1.1", "an address in 10.0.0.0/24, the network of the card was wanted"],
    ["10.0.0.5", "it is the card's own address, and that of another host was wanted"],
  ])("refuses %p", (text, complaint) => {
    expect(() => parseGateway(text, OWN)).toThrow(complaint);
  });
});

describe("parseNameServers()", () => {
  test.each([
    ["", []],
    ["10.0.0.2", ["10.0.0.2"]],
    ["10.0.0.2, 10.0.0.3 10.0.0.2", ["10.0.0.2", "10.0.0.3"]],
  ])("takes %p", (text, servers) => {
    expect(parseNameServers(text)).toEqual(servers);
  });

  test("refuses a name", () => {
    const wanted = "Cannot use dns.example.org as the name server";
    expect(() => parseNameServers("10.0.0.2 dns.example.org")).toThrow(wanted);
  });
});

test("leaseOf() is a lease for ever with the default route", () => {
  expect(leaseOf({ ...OWN, gateway: "10.0.0.1", nameServers: ["10.0.0.2"] })).toMatchObject({
    ...OWN,
    broadcast: "10.0.0.255",
    routes: [{ destination: "0.0.0.0", prefix: 0, gateway: "10.0.0.1" }],
    dns: ["10.0.0.2"],
    seconds: Infinity,
  });
  expect(leaseOf({ ...OWN, nameServers: [] }).routes).toEqual([]);
});
