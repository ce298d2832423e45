import { describe, expect, test } from "bun:test";
import { formatOrder, type Order, parseOrder } from "../../../../modes/menu/order.ts";

const FIXED = { address: "10.0.0.5", prefix: 24 };

describe("parseOrder() and formatOrder()", () => {
  test.each<[string, Order]>([
    ["dhcp eth0", { do: "dhcp", nic: "eth0" }],
    ["nic eth0", { do: "nic", nic: "eth0" }],
    ["start clumpd", { do: "start", service: "clumpd" }],
    ["stop clumpd", { do: "stop", service: "clumpd" }],
    ["stop clumpd now", { do: "stop", service: "clumpd", now: true }],
    ["static eth0 10.0.0.5/24", { do: "static", nic: "eth0", ...FIXED, nameServers: [] }],
    [
      "static eth0 10.0.0.5/24 via 10.0.0.1 dns 10.0.0.2,10.0.0.3",
      { do: "static", nic: "eth0", ...FIXED, gateway: "10.0.0.1", nameServers: ["10.0.0.2", "10.0.0.3"] },
    ],
  ])("agree on %p", (line, order) => {
    expect(parseOrder(line)).toEqual(order);
    expect(formatOrder(order)).toBe(line);
  });

  test("take what stands in another order", () => {
    expect(parseOrder(" static  eth0 10.0.0.5/24 dns 10.0.0.2 via 10.0.0.1\t")).toMatchObject({
      gateway: "10.0.0.1",
      nameServers: ["10.0.0.2"],
    });
  });

  test.each([
    ["", 'Cannot follow "": one of dhcp, nic, static, start, stop was wanted'],
    ["reboot now", 'Cannot follow "reboot now"'],
    ["dhcp", "Cannot do dhcp: no NIC is named behind it, and the name of a NIC as eth0 was wanted"],
    ["dhcp eth0 eth1", 'Cannot use "eth1": after dhcp, only the name of a NIC as eth0 was wanted'],
    ["static", "Cannot do static: no NIC is named behind it"],
    ["start", "Cannot do start: no service is named behind it, and clumpd or clumpserve was wanted"],
    ["start shell", "Cannot start shell: clumpd or clumpserve was wanted"],
    ["stop init", "Cannot stop init: clumpd or clumpserve was wanted"],
    ["static eth0", "Cannot use nothing as the address"],
    ["static eth0 10.0.0.5/24 gw 10.0.0.1", 'Cannot use "gw": via ROUTER or dns ADDRESS,ADDRESS was wanted'],
    ["static eth0 10.0.0.5/24 via", 'Cannot use "via"'],
  ])("refuse %p", (line, complaint) => {
    expect(() => parseOrder(line)).toThrow(complaint);
  });
});
