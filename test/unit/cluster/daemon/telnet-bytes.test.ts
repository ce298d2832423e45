import { expect, test } from "bun:test";
import { TelnetFilter } from "../../../../cluster/daemon/telnet-bytes.ts";

test.each([
  ["what was typed", "status\r\n", "status\r\n"],
  ["characters above ASCII", "auth \xc3\xbcber\n", "auth \xc3\xbcber\n"],
  [
    "WILL, WON'T, DO and DON'T with their options",
    "a\xff\xfb\x01b\xff\xfc\xffc\xff\xfd\x03d\xff\xfe\x18e",
    "abcde",
  ],
  ["commands without an option", "\xff\xf1sta\xff\xf4tus", "status"],
  ["parameters, with a byte 255 in them", "sta\xff\xfa\x18\x00xterm\xff\xff\x01\xff\xf0tus", "status"],
  ["a byte 255 of data", "a\xff\xffb", "a\xffb"],
  ["a command that is not at its end", "a\xff\xfd", "a"],
])("TelnetFilter leaves the data of %s, in one piece and byte by byte", (_, received, data) => {
  const bytes = Buffer.from(received, "latin1");
  const whole = new TelnetFilter();
  expect(Buffer.from(whole.filter(bytes)).toString("latin1")).toBe(data);
  const single = new TelnetFilter();
  const pieces = [...bytes].map((byte) => Buffer.from(single.filter(Uint8Array.of(byte))).toString("latin1"));
  expect(pieces.join("")).toBe(data);
});
