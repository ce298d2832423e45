import { expect, test } from "bun:test";
import { magicPacket } from "../../../../cluster/power/magic-packet.ts";

test("a magic packet is six bytes of 255 and 16 times the hardware address", () => {
  const bytes = Buffer.from(magicPacket(0x5254_0012_3456)).toString("hex");
  expect(bytes).toBe(`ffffffffffff${"525400123456".repeat(16)}`);
});
