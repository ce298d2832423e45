import { expect, test } from "bun:test";
import { describeAccess } from "../../../../modes/access/notice.ts";
import { COLOUR } from "../../../../modes/terminal/canvas.ts";
import type { Access } from "../../../../system/state/access.ts";

test.each<[Access | undefined, string | undefined]>([
  [undefined, undefined],
  [{ password: "abcd2345", isMade: true }, "password abcd2345"],
  [{ password: "given", isMade: false }, undefined],
  [{ isMade: false }, undefined],
  [{ password: "abcd2345", isMade: true, vnc: "full" }, "VNC password abcd2345"],
  [{ password: "abcd2345", isMade: true, vnc: "view" }, "VNC to look on password abcd2345"],
  [{ password: "given", isMade: false, vnc: "full" }, "VNC with password"],
  [{ isMade: false, vnc: "full" }, "VNC WITHOUT PASSWORD"],
])("describeAccess(%p) is %p", (access, text) => {
  expect(describeAccess(access)?.text).toBe(text);
});

test("describeAccess() gives the password that the node has made, and no other", () => {
  expect(describeAccess({ password: "abcd2345", isMade: true, vnc: "full" })?.password).toBe("abcd2345");
  expect(describeAccess({ password: "abcd2345", isMade: true })?.password).toBe("abcd2345");
  expect(describeAccess({ password: "given", isMade: false, vnc: "full" })?.password).toBeUndefined();
});

test("describeAccess() warns in red where there is no password", () => {
  expect(describeAccess({ isMade: false, vnc: "view" })?.colour).toBe(COLOUR.rose);
});
