import { afterEach, beforeAll, beforeEach, describe, expect, jest, test } from "bun:test";
import { existsSync, rmSync } from "node:fs";
import { boot, enteringLine } from "../../../init/boot.ts";
import { admitViewers } from "../../../modes/access/admission.ts";
import { runOrder } from "../../../modes/menu/order-client.ts";
import type { Service } from "../../../modes/service.ts";
import { bootTrace } from "../../../system/boot-trace.ts";
import { readAccess } from "../../../system/state/access.ts";
import { readStatus } from "../../../system/state/node-status.ts";
import { PATHS } from "../../../system/state/paths.ts";
import { BootError } from "../../../system/step.ts";
import { answerDhcp } from "../../fixtures/dhcp-server.ts";
import { ETH0 } from "../../fixtures/lease.ts";
import { bootFiles, E1000, KEYBOARD, makeRoot, type Root } from "../../fixtures/root.ts";
import { type Failure, fakeMachine, settle } from "../../lib/fake-kernel.ts";

/** Services of the virtual consoles that clumpview is not on. */
const BEHIND_THE_SCREEN = ["shell on /dev/tty2", "kernel log on /dev/tty3", "boot report on /dev/tty4"];

const DROP = "/usr/lib/clump/archive drop ";

let root: Root;

// What the boot loads when it is there takes real time, and the made-up time goes on meanwhile.
beforeAll(loadAdmission);
beforeEach(() => void jest.useFakeTimers());
afterEach(() => {
  jest.useRealTimers();
  root[Symbol.dispose]();
});

async function loadAdmission(): Promise<void> {
  using folder = makeRoot({});
  await admitViewers(folder.path, { password: undefined, vnc: "full" });
}

interface Setting {
  readonly files?: Record<string, string>;
  readonly without?: string;
  readonly isShiftHeld?: boolean;
  readonly failure?: Failure;
}

function start(commandLine: string, { files = {}, without, isShiftHeld = false, failure }: Setting = {}) {
  root = makeRoot({ ...bootFiles(commandLine), ...KEYBOARD, ...files });
  if (without) rmSync(root.path + without, { recursive: true });
  const machine = fakeMachine(root.path);
  machine.kernel.isShiftHeld = isShiftHeld;
  if (failure) machine.kernel.failures.push(failure);
  machine.children.onSpawn = (child) => child.finish(0);
  const services: Service[] = [];
  const supervisor = {
    start(service: Service, ready = () => {}): void {
      services.push(service);
      ready();
    },
    stopService: async () => true,
  };
  const end = { ask: () => {} };
  const abort = new AbortController();
  const booting = boot(machine, { supervisor, end, signal: abort.signal, started: () => {} }).then(
    () => "booted",
    (error: unknown) => error,
  );
  const { kernel, log, children } = machine;
  return { booting, services, kernel, log: log.lines, children, isLogOpen: () => log.isOpen };
}

/** Lets time pass until the boot is over or has waited so long. */
async function pass(booting: Promise<unknown>, milliseconds: number): Promise<unknown> {
  let outcome: unknown;
  void booting.then((value) => {
    outcome = value;
  });
  for (let waited = 0; waited < milliseconds && outcome === undefined; waited += 50) {
    await settle();
    jest.advanceTimersByTime(50);
  }
  await settle();
  return outcome;
}

async function run(commandLine: string, setting?: Setting) {
  const bench = start(commandLine, setting);
  const outcome = await pass(bench.booting, 30_000);
  return { ...bench, outcome, entered: bench.log.find((line) => line.includes("entering ")) };
}

const warnings = (log: readonly string[]) => log.filter((line) => line.startsWith("warn: "));
const names = (services: readonly Service[]) => services.map(({ name }) => name);

describe("boot()", () => {
  test("takes its steps in order, on a machine without an adapter", async () => {
    const { outcome, log, services, isLogOpen } = await run("quiet");
    expect([outcome, isLogOpen(), names(services)]).toEqual([
      "booted",
      true,
      ["clumpd", "clumpview", "vnc", ...BEHIND_THE_SCREEN],
    ]);
    expect(log).toEqual([
      "info: mount the kernel's file systems: ok (0.000 s)",
      "info: read the kernel command line: ok (0.000 s)",
      "info: hide its secrets: ok (0.000 s)",
      "info: open the kernel log: ok (0.000 s)",
      "info: name the machine: ok (0.000 s)",
      "info: find the devices: ok (0.000 s)",
      "info: take Ctrl-Alt-Del: ok (0.000 s)",
      "info: watch the power button: ok (0.000 s)",
      "info: bring up the network: ok (0.000 s)",
      "warn: Cannot get an address: there is no network adapter with a driver, ignoring",
      "info: configure the node: ok (0.000 s)",
      "info: fill /etc: ok (0.000 s)",
      "info: look for Shift: ok (0.000 s)",
      "info: find the consoles: ok (0.000 s)",
      "info: let viewers in: ok (0.000 s)",
      "info: entering ClumpOS mode: configured, with clumpview on every console and by VNC",
      "info: keep serial lines from holding anyone: ok (0.000 s)",
      "info: keep kernel messages off the consoles: ok (0.000 s)",
      "info: take orders: ok (0.000 s)",
      "info: draw finer blocks for the screens: ok (0.000 s)",
      "info: give back the memory of criu: ok (0.000 s)",
      "info: rare drivers leave memory: no device can be plugged in while this node runs",
    ]);
    expect(root.read("/etc/profile")).toBe("export PATH\n");
    expect(root.read("/proc/sys/kernel/ctrl-alt-del")).toBe("0\n");
    expect(root.read("/proc/sys/kernel/printk")).toBe("1\n");
    expect(root.read("/proc/sys/kernel/hostname")).toBe("clump");
    expect(readStatus(root.path)).toMatchObject({ mode: "ClumpOS", nics: [] });
  });

  test("shows no more that serve.img is missing once it came from a medium", async () => {
    await run("clump.serve clump.vnc=0");
    const warnings = () => readStatus(root.path)?.warnings.join();
    expect(warnings()).toContain("Cannot boot other nodes");
    expect(
      await runOrder(["start", "clumpserve"], { root: root.path, stdout: () => {}, stderr: () => {} }),
    ).toBe(0);
    await settle();
    expect(warnings()).toBe("");
  });

  test("locks the shells before anything can fail", async () => {
    const { outcome } = await run("clump.shell.password=open", { without: "/sys/class/tty" });
    expect(outcome).toBeInstanceOf(BootError);
    expect(existsSync(root.path + PATHS.shellLock)).toBe(true);
  });

  test("configures the node by its lease before it enters the mode", async () => {
    const { booting, kernel, log } = start("novnc", { files: E1000 });
    kernel.network.current = [ETH0];
    await pass(booting, 100);
    for (const type of ["OFFER", "ACK"] as const) {
      await answerDhcp(kernel.network, 2, { type, address: "10.9.0.50" });
    }
    expect(await pass(booting, 5_000)).toBe("booted");
    const configured = log.indexOf("info: configured: node 50, 10.9.0.50/24 on eth0, map 1 10.9.0.1 254");
    const entered = log.indexOf(
      "info: entering NoVNC mode: configured, with clumpview on every console and no VNC server",
    );
    expect(configured).toBeGreaterThan(-1);
    expect(entered).toBeGreaterThan(configured);
    expect(root.read("/run/clump/node")).toBe("50\n");
    expect(readStatus(root.path)).toMatchObject({
      node: 50,
      address: "10.9.0.50",
      nic: "eth0",
      mode: "NoVNC",
    });
  });

  test("boots other nodes where it was given what they need, and says so where it was not", async () => {
    const isServing = ({ services }: { readonly services: readonly Service[] }) =>
      services.some(({ command }) => command.join(" ").startsWith("/usr/sbin/clumpserve 10.1.0.5,10.1.0.9 "));
    const files = { "/srv/boot/clump/vmlinuz": "" };
    expect(isServing(await run("clump.serve=10.1.0.5,10.1.0.9", { files }))).toBe(true);
    root[Symbol.dispose]();
    expect(isServing(await run("safe clump.serve=10.1.0.5,10.1.0.9", { files }))).toBe(false);
    root[Symbol.dispose]();
    expect(isServing(await run("clump.serve=10.1.0.5,10.1.0.9"))).toBe(false);
    expect(readStatus(root.path)?.warnings).toEqual([expect.stringContaining("Cannot boot other nodes")]);
  });

  test.each([
    ["usb", 1],
    ["http://10.9.0.1/", 0],
  ])("sends a report to %s from a machine without an address: %i", async (target, count) => {
    const { children } = await run(`clump.report=${target}`);
    const reports = children.all.filter(({ command }) => command.join(" ") === "/usr/bin/clump report");
    expect(reports).toHaveLength(count);
  });

  test("sends a report over the network once it is configured and the mode is entered", async () => {
    const { booting, kernel, children, log } = start("clump.report=http://10.9.0.1/", { files: E1000 });
    kernel.network.current = [ETH0];
    await pass(booting, 100);
    for (const type of ["OFFER", "ACK"] as const) {
      await answerDhcp(kernel.network, 2, { type, address: "10.9.0.50" });
    }
    children.onSpawn = (child) => {
      if (child.command.join(" ") === "/usr/bin/clump report") log.push("the report");
      child.finish(0);
    };
    expect(await pass(booting, 5_000)).toBe("booted");
    const entered = log.findIndex((line) => line.includes("entering "));
    expect(entered).toBeGreaterThan(-1);
    expect(log.indexOf("the report")).toBeGreaterThan(entered);
  });

  test("sends a report when the drivers are in that the mode did not wait for", async () => {
    const { booting, children } = start("expert rd.net.timeout.dhcp=1 clump.report=usb");
    const reports = () => children.all.filter(({ command }) => command.join(" ") === "/usr/bin/clump report");
    children.onSpawn = ({ command, finish }) => {
      if (!command[0]?.endsWith("/modprobe")) finish(0);
    };
    expect(await pass(booting, 3_000)).toBe("booted");
    expect(reports()).toHaveLength(0);
    for (const child of children.all) child.finish(0);
    await pass(new Promise(() => {}), 1_000);
    expect(reports()).toHaveLength(1);
  });

  test("waits for a lease as long as rd.net.timeout.dhcp says", async () => {
    const { booting, kernel, log } = start("rd.net.timeout.dhcp=3", { files: E1000 });
    kernel.network.current = [ETH0];
    expect(await pass(booting, 5_000)).toBe("booted");
    expect(warnings(log)).toEqual(["warn: Cannot get an address: not done after 3 s, ignoring"]);
  });

  test("enters the mode after 10 s without a lease, and goes on asking", async () => {
    const { booting, kernel, log } = start("", { files: E1000 });
    kernel.network.current = [ETH0];
    expect(await pass(booting, 9_900)).toBeUndefined();
    expect(await pass(booting, 2_000)).toBe("booted");
    expect(warnings(log)).toEqual(["warn: Cannot get an address: not done after 10 s, ignoring"]);
    const socket = kernel.network.sockets.get(2)!;
    const sent = socket.sent.length;
    for (let second = 0; second < 70; second++) {
      jest.advanceTimersByTime(1_000);
      await settle();
    }
    expect(socket.sent.length).toBeGreaterThan(sent);
  });
});

describe("the web view", () => {
  test.each([
    ["novnc clump.web", { port: 8080, isOpen: false }, { password: expect.any(String), isMade: true }],
    [
      "expert clump.web=81 clump.vnc.password=secret",
      { port: 81, isOpen: false },
      { password: "secret", isMade: false },
    ],
    ["novnc clump.web clump.vnc.password=none", { port: 8080, isOpen: true }, { isMade: false }],
    ["clump.vnc=0 clump.web", { port: 8080, isOpen: false }, { password: expect.any(String), isMade: true }],
    ["clump.vnc=0", undefined, undefined],
    ["novnc", undefined, undefined],
    ["safe clump.web", undefined, undefined],
  ])("of %j", async (commandLine, web, access) => {
    await run(commandLine);
    await settle();
    expect(readStatus(root.path)?.web).toEqual(web);
    expect(readAccess(root.path)).toEqual(access);
  });
});

describe("the mode", () => {
  test.each([
    ["", "ClumpOS", ["clumpd", "clumpview", "vnc", ...BEHIND_THE_SCREEN]],
    ["clump.vnc=0", "ClumpOS", ["clumpd", "clumpview", ...BEHIND_THE_SCREEN]],
    ["novnc", "NoVNC", ["clumpd", "clumpview", ...BEHIND_THE_SCREEN]],
    ["clump.mode=expert", "Expert", ["clumpd", "shell on /dev/tty1", "shell on /dev/ttyS0"]],
    ["rd.shell", "Expert", ["clumpd", "shell on /dev/tty1", "shell on /dev/ttyS0"]],
    ["novnc clump.web", "NoVNC", ["clumpd", "clumpview", ...BEHIND_THE_SCREEN, "clumpweb"]],
    ["expert clump.web=0", "Expert", ["clumpd", "shell on /dev/tty1", "shell on /dev/ttyS0"]],
    ["safe clump.web", "Safe", ["shell on /dev/tty1", "shell on /dev/ttyS0"]],
    ["systemd.unit=emergency.target", "Safe", ["shell on /dev/tty1", "shell on /dev/ttyS0"]],
  ])("of %j is %s", async (commandLine, title, expected) => {
    const { entered, services } = await run(commandLine);
    expect(entered).toStartWith(`info: entering ${title} mode: `);
    expect(names(services)).toEqual(expected);
  });

  test.each([
    ["", "Expert"],
    ["novnc", "Expert"],
    ["safe", "Safe"],
  ])("of %j with Shift held is another: %s", async (commandLine, title) => {
    const { entered } = await run(commandLine, { isShiftHeld: true });
    expect(entered).toStartWith(`info: entering ${title} mode: `);
    expect(readStatus(root.path)?.mode).toBe(title);
  });

  test("Expert and Safe do not look for Shift", async () => {
    for (const commandLine of ["expert", "safe"]) {
      const { kernel } = await run(commandLine);
      expect(kernel.calls).not.toContain("look for Shift");
      root[Symbol.dispose]();
    }
  });

  test.each([
    ["clumpos", ["moves"]],
    ["clumpos clump.moves=open", []],
    ["clumpos clump.vnc=0 clump.moves=open", ["desktop"]],
    ["novnc", ["desktop", "moves"]],
    ["novnc clump.moves=open", ["desktop"]],
    ["expert", ["desktop", "moves"]],
    ["safe clump.moves=open", ["desktop", "moves"]],
  ])("of %s gives back the memory of %j", async (words, archives) => {
    // A slot takes cards, so the rare drivers stay.
    const { children } = await run(words, { files: { "/sys/bus/pci/slots/1/power": "0\n" } });
    const commands = children.all.map(({ command }) => command.join(" "));
    expect(commands.filter((command) => command.startsWith(DROP))).toEqual(
      archives.map((name) => DROP + name),
    );
  });

  test("Safe loads keyboards alone, and configures nothing", async () => {
    const { kernel, children, log } = await run("safe", { files: E1000 });
    const loaded = children.all.filter(({ command: [program] }) => program?.endsWith("modprobe"));
    expect(loaded.map(({ command }) => command.at(-1))).toEqual(["serio_raw"]);
    expect(kernel.calls.filter((call) => !/^(mount|let) /.test(call))).toEqual([]);
    expect(existsSync(`${root.path}/etc/mosix.map`)).toBe(false);
    expect(log.some((line) => line.includes("network") || line.includes("address"))).toBe(false);
  });
});

describe("what fails", () => {
  test.each<[string, Setting, string]>([
    ["drivers", { without: "/lib" }, "find the devices"],
    ["files for /etc", { without: "/usr" }, "fill /etc"],
    ["Ctrl-Alt-Del", { without: "/proc/sys/kernel" }, "take Ctrl-Alt-Del"],
    ["Shift", { failure: { call: "look for Shift", message: "ENOTTY" } }, "look for Shift"],
  ])("of %s is logged once, and the mode is entered", async (_, setting, step) => {
    const { entered, log, outcome } = await run("", setting);
    expect([outcome, entered]).toEqual(["booted", expect.stringContaining("ClumpOS")]);
    const said = warnings(log).filter((line) => line.startsWith(`warn: Cannot ${step}: `));
    expect(said).toHaveLength(1);
    expect(said[0]).toEndWith(", ignoring");
  });

  test("of the network is logged, and the mode is entered", async () => {
    const { entered, log, outcome } = await run("", { failure: { call: "links", message: "EPERM" } });
    expect([outcome, entered]).toEqual(["booted", expect.stringContaining("ClumpOS")]);
    expect(log).toContain("warn: Cannot follow the network interfaces: EPERM, looking again");
  });

  test.each<[string, Setting, string]>([
    ["a mount", { failure: { call: "mount sysfs", message: "EBUSY" } }, "mount the kernel's file systems"],
    ["the command line", { without: "/proc/cmdline" }, "read the kernel command line"],
    ["the consoles", { without: "/sys/class/tty" }, "find the consoles"],
  ])("of %s ends the boot with its name", async (_, setting, step) => {
    const { outcome, services } = await run("", setting);
    expect(outcome).toMatchObject({ name: "BootError", step, message: `Cannot ${step}` });
    expect(services).toEqual([]);
  });
});

test("a bad value is on the screen and in the log, and the boot goes on", async () => {
  const { outcome, log } = await run("clump.mode=fast");
  const complaint = "Cannot use clump.mode=fast: clumpos, novnc, expert or safe is wanted, ignoring";
  expect(outcome).toBe("booted");
  expect(log).toContain(`warn: ${complaint}`);
  expect(readStatus(root.path)?.warnings).toEqual([complaint]);
});

test.each([
  ["clump.trace", 1],
  ["", 0],
])("with %p the boot logs %p line of a trace with one event", async (text, lines) => {
  bootTrace.begin();
  bootTrace.mark("the first event");
  const { log } = await run(text);
  bootTrace.mark("an event after the trace");
  bootTrace.end({ info: (line) => log.push(line) });
  const traced = log.filter((line) => line.startsWith("info: trace: ") || line.startsWith("trace: "));
  expect(traced).toHaveLength(lines);
  if (lines > 0)
    expect(log.indexOf(traced[0]!)).toBeGreaterThan(
      log.findIndex((line) => line.includes("configure the node: ok")),
    );
});

test("debug leaves kernel messages on the consoles", async () => {
  await run("debug");
  expect(root.read("/proc/sys/kernel/printk")).toBe("7 4 1 7\n");
});

test("enteringLine() names the mode and what it is", () => {
  expect(enteringLine({ title: "Safe", summary: "a shell" })).toBe("entering Safe mode: a shell");
});
