import { describe, expect, test } from "bun:test";
import { findMissingFirmware, watchFirmware } from "../../../../probes/modules/firmware.ts";

/** Records of /dev/kmsg, as Linux 6.1 of Debian writes them. */
const RTL =
  "4,612,3141592,-;r8169 0000:00:06.0: Direct firmware load for rtl_nic/rtl8168h-2.fw failed with error -2\n" +
  " SUBSYSTEM=pci\n DEVICE=+pci:0000:00:06.0\n";
const TIGON =
  "4,613,3141600,-;tg3 0000:02:00.0: Direct firmware load for tigon/tg3_tso.bin failed with error -2\n";
const OTHERS =
  "6,614,3141700,-;r8169 0000:00:06.0 eth0: RTL8168h/8111h, 52:54:00:12:34:56, XID 541, IRQ 24\n" +
  "6,615,3141800,-;Loaded firmware rtl_nic/rtl8168g-2.fw\n";

describe("findMissingFirmware()", () => {
  test.each<[string, string, string[]]>([
    ["one", RTL, ["rtl_nic/rtl8168h-2.fw"]],
    ["two", RTL + OTHERS + TIGON, ["rtl_nic/rtl8168h-2.fw", "tigon/tg3_tso.bin"]],
    ["one twice", RTL + RTL, ["rtl_nic/rtl8168h-2.fw"]],
    ["none", OTHERS, []],
    ["nothing", "", []],
  ])("finds %s", (_, messages, names) => {
    expect(findMissingFirmware(messages)).toEqual(names);
  });
});

describe("watchFirmware()", () => {
  test("tells each file once, in order", async () => {
    const names: string[] = [];
    await watchFirmware(new Response([OTHERS, RTL, TIGON, RTL].join("")).body!, (name) => names.push(name));
    expect(names).toEqual(["rtl_nic/rtl8168h-2.fw", "tigon/tg3_tso.bin"]);
  });

  test("tells a file of a later record as it comes", async () => {
    const pipe = new TransformStream<Uint8Array, Uint8Array>();
    const writer = pipe.writable.getWriter();
    const names: string[] = [];
    const watching = watchFirmware(pipe.readable, (name) => names.push(name));
    await writer.write(Buffer.from(RTL));
    await writer.write(Buffer.from(RTL));
    await writer.write(Buffer.from(TIGON));
    expect(names).toEqual(["rtl_nic/rtl8168h-2.fw", "tigon/tg3_tso.bin"]);
    await writer.close();
    await watching;
  });
});
