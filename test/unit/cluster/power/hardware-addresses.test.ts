import { expect, test } from "bun:test";
import { HardwareAddresses } from "../../../../cluster/power/hardware-addresses.ts";
import { NODE } from "../nodes.ts";

const MAC = "52:54:00:12:34:56";
const NUMBER = 0x5254_0012_3456;
const other = (id: number, more = {}) => ({ ...NODE, id, address: `192.168.1.${id}`, ...more });

test("a node that is off is known after the gossip has forgotten it", () => {
  const known = new HardwareAddresses(10);
  known.remember([other(7, { mac: MAC }), other(8, { mac: MAC })]);
  expect(known.find("all")).toEqual([]);
  expect(known.find(7)).toMatchObject([{ id: 7, mac: NUMBER }]);
  known.remember([other(7, { state: "left" }), other(8)]);
  expect(known.find("all")).toMatchObject([{ id: 7, address: "192.168.1.7", mac: NUMBER }]);
  known.remember([other(8)]);
  expect(known.find("all").map(({ id }) => id)).toEqual([7]);
});

test("a node without a hardware address cannot be woken, and no more are kept than there is room for", () => {
  const known = new HardwareAddresses(1);
  known.remember([other(7), other(8, { mac: MAC }), other(9, { mac: MAC })]);
  expect([7, 8, 9].map((id) => known.find(id).length)).toEqual([0, 1, 0]);
});
