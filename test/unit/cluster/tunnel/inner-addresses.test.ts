import { describe, expect, test } from "bun:test";
import { keyOf } from "../../../../cluster/security/key.ts";
import { parseConnections } from "../../../../cluster/tunnel/connections.ts";
import { InnerAddresses } from "../../../../cluster/tunnel/inner-addresses.ts";

const addresses = new InnerAddresses(keyOf("a secret"));

describe("InnerAddresses", () => {
  test("an address is locally assigned, and ends in the LAN address", () => {
    expect(addresses.network).toMatch(/^fd[0-9a-f]{2}(:[0-9a-f]{1,4}){3}::$/);
    expect(addresses.of("10.0.0.1")).toBe(`${addresses.network}a00:1`);
    expect(addresses.of("192.168.255.254")).toBe(`${addresses.network}c0a8:fffe`);
  });

  test("another key has another network", () => {
    expect(new InnerAddresses(keyOf("another")).network).not.toBe(addresses.network);
  });

  test("the LAN address comes back, however the inner address is written", () => {
    for (const lan of ["10.0.0.1", "172.16.0.0", "223.255.255.255"])
      expect(addresses.lanAddressOf(addresses.of(lan))).toBe(lan);
    const long = addresses.of("10.0.0.1").replace("::", ":0:0:0a00:1".slice(0, 5)).toUpperCase();
    expect(addresses.lanAddressOf(long)).toBe("10.0.0.1");
  });

  test.each([
    ["another network's", new InnerAddresses(keyOf("another")).of("10.0.0.1")],
    ["a LAN address", "10.0.0.1"],
    ["a mapped one", "::ffff:10.0.0.1"],
    ["a link's", "fe80::1%eth0"],
    ["one with more before the LAN address", `${addresses.network}1:0:a00:1`],
    ["nothing", ""],
  ])("%s is no node's", (_, inner) => {
    expect(addresses.lanAddressOf(inner)).toBeUndefined();
  });
});

test("connections through the tunnel are those of /proc/net/tcp6 whose remote address is a node's", () => {
  const words = (inner: string): string => {
    const groups = inner.replace("::", ":0:0:").split(":");
    const digits = groups.map((group) => group.padStart(4, "0")).join("");
    const word = (text: string) => (text.match(/../g) ?? []).reverse().join("");
    return (digits.match(/.{8}/g) ?? []).map(word).join("").toUpperCase();
  };
  const nobody = "00000000000000000000000001000000";
  const line = (number: number, local: string, remote: string, state = "01") =>
    `${String(number).padStart(4)}: ${local}:1538 ${remote}:8A2E ${state} 00000000:00000000 00:00000000 00000000     0        0 24612`;
  const own = words(addresses.of("10.0.0.1"));
  const text = [
    "  sl  local_address                         remote_address                        st tx_queue",
    line(0, nobody, nobody),
    line(1, own, words(addresses.of("10.0.0.2"))),
    line(2, own, words(addresses.of("10.0.0.2"))),
    line(3, own, words(addresses.of("10.1.2.3"))),
    line(4, own, nobody),
    // FIN_WAIT1, which a dead node leaves.
    line(5, own, words(addresses.of("10.0.0.4")), "04"),
    "",
  ].join("\n");
  expect([...parseConnections(text, addresses)]).toEqual(["10.0.0.2", "10.1.2.3"]);
});
