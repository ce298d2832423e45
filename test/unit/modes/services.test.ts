import { describe, expect, test } from "bun:test";
import { MODES } from "../../../modes/index.ts";
import type { ServiceSetting } from "../../../modes/service.ts";
import { SERVICES, SERVICES_BY_HAND, servicesOf } from "../../../modes/services.ts";
import type { Access } from "../../../system/state/access.ts";

const GIVEN: Access = { password: "secret12", isMade: false, vnc: "full" };

const PLAIN: ServiceSetting = { consoles: ["/dev/tty1"], locksShells: false };

function vncService(access: Access, locksShells: boolean) {
  const [service, ...more] = SERVICES.vnc({ ...PLAIN, access, locksShells });
  expect(more).toEqual([]);
  return service!;
}

describe("vnc", () => {
  test.each<[string, Access, boolean, readonly string[], string | undefined]>([
    ["a password", GIVEN, false, [], "/bin/sh -l"],
    ["a password, and one for the shells", GIVEN, true, [], "/usr/lib/clump/lock"],
    ["a password to look on", { ...GIVEN, vnc: "view" }, false, ["--view-only"], undefined],
  ])("with %s", (_, access, locksShells, words, shell) => {
    const { command, environment, listens } = vncService(access, locksShells);
    expect(command).toEqual([
      ...["/usr/lib/clump/vnc", "--password-file", "/run/clump/vnc.password", ...words],
    ]);
    expect(environment?.["CLUMP_SHELL"]).toBe(shell);
    expect(listens).toBe(5900);
  });

  test("without a password has no shell", () => {
    const { command, environment } = vncService({ isMade: false, vnc: "full" }, false);
    expect(command).toEqual(["/usr/lib/clump/vnc"]);
    expect(environment).toBeUndefined();
  });

  test("has the password in no argument and no variable", () => {
    expect(JSON.stringify(vncService(GIVEN, true))).not.toContain("secret12");
  });
});

test.each([
  ["clumpos", ["clumpd", "clumpjobs", "clumpview", "vnc", "clumpserve", "clumpweb", "ssh", "demo"]],
  ["novnc", ["clumpd", "clumpjobs", "clumpview", "clumpserve", "clumpweb", "ssh", "demo"]],
  ["expert", ["clumpd", "clumpjobs", "shell on /dev/ttyS0", "clumpserve", "clumpweb", "ssh", "demo"]],
  ["safe", ["shell on /dev/ttyS0"]],
] as const)("%s has its services from the table: %j", (name, expected) => {
  const serve = { pool: ["10.0.0.5", "10.0.0.9"], isAsked: true } as const;
  const setting = {
    ...PLAIN,
    consoles: ["/dev/ttyS0"],
    access: GIVEN,
    web: 8080,
    serve,
    jobs: "with key",
    demo: 6,
    ssh: { keys: [], takesFileAndPassword: true },
  } as const;
  expect(servicesOf(MODES[name].services, setting).map((service) => service.name)).toEqual([...expected]);
});

test("what was not given does not run", () => {
  const setting = { consoles: ["/dev/ttyS0"], locksShells: false };
  const services = servicesOf(MODES.clumpos.services, setting);
  expect(services.map(({ name }) => name)).toEqual(["clumpd", "clumpview"]);
});

test("the jobs of a demo compute, and come when they can move", () => {
  expect(servicesOf(["demo"], { ...PLAIN, demo: 6 })).toMatchObject([
    {
      command: ["/usr/bin/setsid", "/usr/bin/clump", "demo", "load", "3600", "6"],
      after: ["clumpd", "clumpjobs"],
    },
  ]);
});

test("clumpweb comes after clumpd; the readiness of both is heard, and that of clumpserve", () => {
  const serve = { pool: ["10.0.0.5", "10.0.0.9"], isAsked: true } as const;
  const services = servicesOf(["clumpd", "clumpweb", "clumpserve"], { ...PLAIN, web: 80, serve });
  expect(services.map(({ after, reportsReady }) => [after, reportsReady])).toEqual([
    [undefined, true],
    [["clumpd"], true],
    [undefined, true],
  ]);
});

test("clumpjobs takes strangers' processes only where it is told, and calls the kernel, which takes the compiler", () => {
  const [keyed] = servicesOf(["clumpjobs"], { ...PLAIN, jobs: "with key" });
  const [open] = servicesOf(["clumpjobs"], { ...PLAIN, jobs: "open" });
  expect([keyed?.command.includes("--open"), open?.command.includes("--open")]).toEqual([false, true]);
  expect(keyed?.environment).toMatchObject({ BUN_JSC_useJIT: "1", BUN_JSC_useBaselineJIT: "0" });
  expect(keyed?.environment).toMatchObject({ BUN_GC_TIMER_INTERVAL: "60000" });
});

test("root's processes leave a node but with clump.root=no", () => {
  const hasOption = (more: { root?: "no" | "yes" }) =>
    servicesOf(["clumpjobs"], { ...PLAIN, jobs: "with key", ...more })[0]?.command.includes("--no-root");
  expect([hasOption({}), hasOption({ root: "yes" }), hasOption({ root: "no" })]).toEqual([
    false,
    false,
    true,
  ]);
});

test("the daemons collect their garbage seldom, and with no thread for it", () => {
  const services = servicesOf(["clumpd", "clumpview", "clumpweb"], { ...PLAIN, web: 80 });
  const wanted = { BUN_JSC_useJIT: "0", BUN_JSC_useConcurrentGC: "0", BUN_GC_TIMER_INTERVAL: "5000" };
  expect(services.map(({ environment }) => environment)).toMatchObject([wanted, wanted, wanted]);
});

test("services by hand go by the name of their entry", () => {
  const serve = { pool: ["10.0.0.5", "10.0.0.9"], isAsked: true } as const;
  expect(servicesOf(SERVICES_BY_HAND, { ...PLAIN, serve }).map(({ name }) => name)).toEqual([
    ...SERVICES_BY_HAND,
  ]);
});

test("a node of Slurm runs munged, and slurmd after it", () => {
  expect(SERVICES.slurm({ ...PLAIN, slurm: { controllers: "ctl:6817", leave: "wait" } })).toMatchObject([
    { name: "munged", command: ["/usr/lib/clump/slurm-node", "munged"] },
    {
      name: "slurmd",
      command: ["/usr/lib/clump/slurm-node", "slurmd", "ctl:6817", "wait"],
      after: ["munged"],
    },
  ]);
  expect(SERVICES.slurm(PLAIN)).toEqual([]);
});

test("ssh has no key in an argument, and takes file and password only where asked for", () => {
  const command = (takesFileAndPassword: boolean) =>
    SERVICES.ssh({ ...PLAIN, ssh: { keys: ["ssh-rsa A"], takesFileAndPassword } })[0]?.command;
  expect(command(false)).toEqual(["/usr/lib/clump/ssh"]);
  expect(command(true)).toEqual(["/usr/lib/clump/ssh", "more"]);
  expect(SERVICES.ssh(PLAIN)).toEqual([]);
});
