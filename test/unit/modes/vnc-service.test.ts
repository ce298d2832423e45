import { describe, expect, test } from "bun:test";
import { MODES } from "../../../modes/index.ts";
import { vncService } from "../../../modes/vnc-service.ts";
import type { Access } from "../../../system/state/access.ts";

const GIVEN: Access = { password: "secret12", isMade: false, vnc: "full" };
const LOOK_ONLY = [
  ...["-AcceptKeyEvents=0", "-AcceptPointerEvents=0"],
  ...["-AcceptCutText=0", "-AcceptSetDesktopSize=0"],
];

describe("vncService()", () => {
  test.each<[string, Access, boolean, readonly string[], string | undefined]>([
    ["a password", GIVEN, false, [], "/bin/sh -l"],
    ["a password, and one for the shells", GIVEN, true, [], "/usr/lib/clump/lock"],
    ["a password to look on", { ...GIVEN, vnc: "view" }, false, LOOK_ONLY, undefined],
  ])("with %s", (_, access, locksShells, words, shell) => {
    const { command, environment, listens } = vncService(access, locksShells);
    expect(command).toEqual([
      ...["/usr/lib/clump/vnc", "-SecurityTypes", "TLSVnc,VncAuth"],
      ...["-PasswordFile", "/run/clump/vnc.password", ...words],
    ]);
    expect(environment?.["CLUMP_SHELL"]).toBe(shell);
    expect(listens).toBe(5900);
  });

  test("without a password has no shell", () => {
    const { command, environment } = vncService({ isMade: false, vnc: "full" }, false);
    expect(command).toEqual(["/usr/lib/clump/vnc", "-SecurityTypes", "TLSNone,None"]);
    expect(environment).toBeUndefined();
  });

  test("has the password in no argument and no variable", () => {
    expect(JSON.stringify(vncService(GIVEN, true))).not.toContain("secret12");
  });
});

test.each([
  ["clumpos", true],
  ["novnc", false],
  ["expert", false],
  ["safe", false],
] as const)("%s has VNC: %p", (name, has) => {
  const setting = { consoles: ["/dev/tty1"], locksShells: false, access: GIVEN };
  const listening = MODES[name].services(setting).filter(({ listens }) => listens !== undefined);
  expect(listening.map((service) => service.name)).toEqual(has ? ["vnc"] : []);
  expect(MODES[name].hasDesktop).toBe(has);
});

test("ClumpOS has no VNC where nobody may look in", () => {
  const setting = { consoles: ["/dev/ttyS0"], locksShells: false };
  expect(MODES.clumpos.services(setting).map(({ name }) => name)).toEqual(["clumpd", "clumpview"]);
});
