import { expect, test } from "bun:test";
import { pressKeys, typeText } from "../../assets/qemu/keyboard.ts";
import { BOOT, bootNode, CONFIGURED, ENTERED, SOON } from "../lib/node.ts";
import { freePort } from "../lib/port.ts";
import { seeChange, seeGone, seeOnScreen } from "../lib/screen.ts";
import { openSilentLine } from "../lib/silent-line.ts";
import { seeInViewer, startViewer } from "../lib/viewer.ts";

const HELP_TITLE = "clumpview: the keys";

/** What a TCP server says before it is asked, until it closes; RFB begins with its version. */
async function greeting(port: number): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const timer = setTimeout(() => resolve("nothing, and stays connected"), 10_000);
  await Bun.connect({
    hostname: "127.0.0.1",
    port,
    socket: {
      data: (_, bytes) => resolve(bytes.toString()),
      close: () => resolve(""),
      error: () => resolve(""),
    },
  });
  return await promise.finally(() => clearTimeout(timer));
}

const nicTo = (port: number) =>
  [{ model: "virtio-net-pci", network: { kind: "user", forward: { from: port, to: 5900 } } }] as const;

test("Alt-F1 to F4 are clumpview, a shell with its password, the kernel's log and the report of the boot; in NoVNC nothing listens", async () => {
  const port = freePort();
  await using vm = await bootNode({
    name: "alt-keys",
    screen: true,
    append: "novnc clump.shell.password=sesame",
    nics: nicTo(port),
  });
  await vm.console.expect(ENTERED, BOOT);
  await vm.console.expect("shut this node down", SOON);
  expect(await greeting(port)).toBe("");
  await pressKeys(vm.qmp, ["alt", "f4"]);
  await seeOnScreen(vm, "q reads it again");
  await seeOnScreen(vm, "mount the kernel's file systems: ok (");
  await pressKeys(vm.qmp, ["alt", "f3"]);
  await seeOnScreen(vm, "clump: entering NoVNC mode");
  await pressKeys(vm.qmp, ["alt", "f2"]);
  await seeOnScreen(vm, "Password: ");
  await typeText(vm.qmp, "open\n");
  await seeOnScreen(vm, "That is not the password");
  await typeText(vm.qmp, "sesame\n");
  await seeOnScreen(vm, "this node, drawn");
  // What is typed stands on the screen too: what is looked for is not in it.
  await typeText(vm.qmp, "netstat -ltn|grep 5900||echo no-l|tr - .\n");
  await seeOnScreen(vm, "no.l");
  await typeText(vm.qmp, "pidof Xtigervnc lwm xterm||echo no-x|tr - .\n");
  await seeOnScreen(vm, "no.x");
  await pressKeys(vm.qmp, ["alt", "f1"]);
  await seeOnScreen(vm, "shut this node down");
});

test("NoVNC shows the node too; an arrow key is not ESC; ESC on a usb keyboard ends it after 5 s that a key stops", async () => {
  await using vm = await bootNode({ name: "novnc", screen: true, append: "novnc", keyboard: "usb" });
  await vm.console.expect(CONFIGURED, BOOT);
  expect((await vm.console.expect(ENTERED, BOOT))[1]).toBe("NoVNC");
  await vm.console.expect("shut this node down", SOON);
  await seeOnScreen(vm, "[ESC] shut this node down");
  // After ESC the next key would call the countdown off and do nothing else.
  vm.console.send("\x1b[Ah");
  await seeOnScreen(vm, HELP_TITLE);
  await pressKeys(vm.qmp, ["esc"]);
  await seeGone(vm, HELP_TITLE);
  for (const key of ["up", "h"]) await pressKeys(vm.qmp, [key]);
  await seeOnScreen(vm, HELP_TITLE);
  await pressKeys(vm.qmp, ["esc"]);
  await seeGone(vm, HELP_TITLE);
  expect(vm.console.text).not.toContain("shuts down in");

  await pressKeys(vm.qmp, ["esc"]);
  await seeOnScreen(vm, "shuts down in");
  await pressKeys(vm.qmp, ["up"]);
  await seeGone(vm, "shuts down in");
  await pressKeys(vm.qmp, ["esc"]);
  expect(await vm.ended(SOON)).toBe("guest-shutdown");
});

test("a serial line that takes nothing holds nobody; viewers without a password look on; ESC ends the node", async () => {
  const port = freePort();
  using line = openSilentLine();
  await using vm = await bootNode({
    name: "silent-line",
    screen: true,
    append: "clump.vnc.password=none clump.vnc=view",
    nics: nicTo(port),
    serial: { path: line.path },
  });
  await seeOnScreen(vm, "WITHOUT PASSWORD", BOOT);
  line.fallSilent();
  await pressKeys(vm.qmp, ["alt", "f2"]);
  await seeOnScreen(vm, "this node, drawn");
  await typeText(vm.qmp, "cat /dev/zero >/dev/ttyS0 &\n");
  // Until the count of characters it has sent no longer grows.
  await typeText(vm.qmp, "cd /proc/tty/driver\n");
  await typeText(vm.qmp, "until cat serial >/tmp/a; sleep 1; cmp -s serial /tmp/a; do sleep 0; done\n");
  await typeText(vm.qmp, "echo line-stands|tr - .\n");
  await seeOnScreen(vm, "line.stands", BOOT);

  await pressKeys(vm.qmp, ["alt", "f1"]);
  await seeOnScreen(vm, "WITHOUT PASSWORD");
  await seeChange(vm);
  await using viewer = await startViewer(port, "any");
  await seeInViewer(viewer, ({ colours }) => (colours.get("00ffff") ?? 0) > 3_000, BOOT);
  await viewer.click(1_150, 500);
  await viewer.type("h");
  await Bun.sleep(2_000);
  const { colours } = await viewer.picture();
  expect(colours.get("00ffff") ?? 0).toBeGreaterThan(3_000);
  expect(colours.has("1f1f1f")).toBe(false);
  expect(viewer.said).toMatch(/Choosing security type (TLS)?None/);

  // The second one does not wait for the first one's countdown.
  for (const _ of ["count", "now"]) await pressKeys(vm.qmp, ["esc"]);
  expect(await vm.ended(SOON)).toBe("guest-shutdown");
});

test("s opens a shell on the serial line, where clumpd is stopped and the screens say so; exit leads back", async () => {
  await using vm = await bootNode({ name: "screen-shell", append: "clump.web clump.shell.password=sesame" });
  await vm.console.expect(CONFIGURED, BOOT);
  await vm.console.expect(ENTERED, BOOT);
  await vm.console.expect("http://10.0.2.15:8080/", SOON);
  await vm.console.expect("shut this node down", SOON);
  vm.console.send("s");
  await vm.console.expect("leads back to the screen of this node", SOON);
  await vm.console.expect("Password: ", SOON);
  vm.console.send("sesame\n");
  await vm.console.expect("node15:", SOON);
  vm.console.send("tty; clump stop clumpd; clump nodes\n");
  await vm.console.expect("/dev/pts/", SOON);
  await vm.console.expect(/15\* +10\.0\.2\.15 +silent/, SOON);
  await vm.console.expect("problem: clumpd was stopped", SOON);
  vm.console.send("exit\n");
  await vm.console.expect("clumpd was stopped", SOON);
  await vm.console.expect("shut this node down", SOON);
});
