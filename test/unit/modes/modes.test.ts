import { describe, expect, test } from "bun:test";
import { LOCKED_SHELL } from "../../../modes/access/shell-lock.ts";
import { DEFAULT_MODE, isModeName, MODES } from "../../../modes/index.ts";
import type { Mode } from "../../../modes/mode.ts";
import { servicesOf } from "../../../modes/services.ts";

const CONSOLES = ["/dev/tty1", "/dev/ttyS0"];
const CLUSTER_DAEMON = {
  name: "clumpd",
  command: ["/usr/sbin/clumpd", "--ready-fd", "3"],
  environment: expect.any(Object),
  reportsReady: true,
  whenDone: "start again",
} as const;
const ALL: [string, Mode][] = Object.entries(MODES);

describe("the modes", () => {
  test("are the four of the documents, ClumpOS unless asked otherwise", () => {
    expect(ALL.map(([name, { title }]) => [name, title])).toEqual([
      ["clumpos", "ClumpOS"],
      ["novnc", "NoVNC"],
      ["expert", "Expert"],
      ["safe", "Safe"],
    ]);
    expect(DEFAULT_MODE).toBe("clumpos");
  });

  test.each(ALL)("%s goes by its name", (name, mode) => {
    expect(mode.name).toBe(name);
    expect(mode.title.toLowerCase()).toBe(name);
  });

  test("all but Safe configure the node; those with a screen yield to Shift", () => {
    expect(ALL.filter(([, { configures }]) => configures).map(([name]) => name)).toEqual([
      "clumpos",
      "novnc",
      "expert",
    ]);
    expect(ALL.filter(([, { yieldsToShift }]) => yieldsToShift).map(([name]) => name)).toEqual([
      "clumpos",
      "novnc",
    ]);
  });
});

test.each(["clumpos", "novnc"] as const)(
  "%s runs one clumpview for all consoles, which ends the node",
  (name) => {
    expect(servicesOf(MODES[name].services, { consoles: CONSOLES, locksShells: false }).slice(0, 2)).toEqual([
      CLUSTER_DAEMON,
      {
        name: "clumpview",
        command: ["/usr/bin/clumpview", "--console", "/dev/tty1", "--console", "/dev/ttyS0"],
        environment: expect.any(Object),
        whenDone: "power off",
      },
    ]);
  },
);

test.each(["expert", "safe"] as const)("%s runs a login shell with job control on each console", (name) => {
  const services = servicesOf(MODES[name].services, { consoles: CONSOLES, locksShells: false });
  const [screen, serial, ...rest] = services.filter((service) => service.console !== undefined);
  expect(services.filter((service) => service.console === undefined)).toEqual(
    MODES[name].configures ? [CLUSTER_DAEMON] : [],
  );
  expect(rest).toEqual([]);
  expect(screen).toEqual({
    name: "shell on /dev/tty1",
    command: ["/usr/bin/setsid", "-c", "/bin/sh", "-l"],
    environment: { HOME: "/root", TERM: "linux" },
    console: "/dev/tty1",
    whenDone: "start again",
  });
  expect([serial?.console, serial?.environment?.["TERM"]]).toEqual(["/dev/ttyS0", "vt220"]);
});

test.each(["expert", "safe"] as const)(
  "%s asks for the password of the shells where there is one",
  (name) => {
    const services = servicesOf(MODES[name].services, { consoles: CONSOLES, locksShells: true });
    const shells = services.filter((service) => service.console !== undefined);
    expect(shells.map(({ command }) => command.slice(2))).toEqual([[LOCKED_SHELL], [LOCKED_SHELL]]);
  },
);

test.each([
  ["safe", true],
  ["Safe", false],
  ["", false],
  ["toString", false],
  ["__proto__", false],
])("isModeName(%j): %p", (text, isName) => {
  expect(isModeName(text)).toBe(isName);
});
