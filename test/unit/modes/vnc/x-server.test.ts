import { expect, test } from "bun:test";
import { xServerCommand } from "../../../../modes/vnc/x-server.ts";

const PLACE = { display: ":0", port: 15_900, title: "node 7" };
const PASSWORD = ["-SecurityTypes", "TLSVnc,VncAuth", "-PasswordFile", "/run/password"];

test.each([
  ["a password", { passwordFile: "/run/password", viewOnly: false }, PASSWORD],
  [
    "a password to look on",
    { passwordFile: "/run/password", viewOnly: true },
    [
      ...PASSWORD,
      ...["-AcceptKeyEvents=0", "-AcceptPointerEvents=0", "-AcceptCutText=0", "-AcceptSetDesktopSize=0"],
    ],
  ],
  ["no password", { viewOnly: false }, ["-SecurityTypes", "TLSNone,None", "-UseBlacklist=0"]],
] as const)("the X server with %s", (_, options, words) => {
  const command = xServerCommand(options, PLACE);
  expect(command.slice(command.indexOf("-SecurityTypes"))).toEqual([...words]);
});

test("the X server listens on the loopback alone", () => {
  const command = xServerCommand({ viewOnly: false }, PLACE);
  expect(command.slice(0, 5)).toEqual(["Xtigervnc", ":0", "-rfbport", "15900", "-localhost"]);
});
