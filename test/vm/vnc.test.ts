import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Vm } from "../../assets/qemu/vm.ts";
import { BOOT, bootNode, ENTERED, SOON } from "../lib/node.ts";
import { freePort } from "../lib/port.ts";
import { seeInViewer, startViewer, type Viewer } from "../lib/viewer.ts";
import { checkHealth, logIn } from "../lib/vnc-login.ts";
import type { Picture } from "../lib/xwd.ts";

/** Where there is only the desktop behind clumpview's window, and no window of a shell covers it at first. */
const BESIDE = [1_150, 500] as const;
/** Of clumpview's name in large letters. */
const SKY = "00ffff";
/** Behind the words of a shell: gray12. */
const SHELL_GREY = "1f1f1f";

const port = freePort();
/** One node for all of them, with kernel messages on its serial line: what a viewer types can speak there. */
let vm: Vm;

beforeAll(async () => {
  vm = await bootNode({
    name: "vnc",
    append: "debug clump.vnc.password=secret12 clump.shell.password=sesame",
    nics: [{ model: "virtio-net-pci", network: { kind: "user", forward: { from: port, to: 5900 } } }],
  });
  await vm.console.expect(ENTERED, BOOT);
  // Its screen and its port are opened together; QEMU takes a viewer earlier, and turns it away then.
  await vm.console.expect("shut this node down", BOOT);
}, 300_000);

afterAll(async () => await vm?.[Symbol.asyncDispose]());

const showsNode = ({ colours }: Picture) => (colours.get(SKY) ?? 0) > 3_000;

const showsGraph = ({ colours }: Picture) => (colours.get("00cd00") ?? 0) > 1_000;

const showsShell = ({ colours }: Picture) => (colours.get(SHELL_GREY) ?? 0) > 100_000;

/** Words of a shell cover what is behind them; a line of them has some hundred dots. */
const hasMoreWords =
  (before: Picture["colours"]) =>
  ({ colours }: Picture) =>
    (before.get(SHELL_GREY) ?? 0) - (colours.get(SHELL_GREY) ?? 0) > 500;

/** Waits for a line of the node's log; where it does not come, what the viewer shows is kept. */
async function saysInLog(viewer: Viewer, line: string): Promise<void> {
  try {
    await vm.console.expect(line, BOOT);
  } catch (error) {
    await Bun.write("dist/test/viewer.xwd", await viewer.xwd());
    throw error;
  }
}

test("the first viewer starts the desktop, and sees the node", async () => {
  await using viewer = await startViewer(port, "secret12");
  const milliseconds = await seeInViewer(
    viewer,
    (picture) => showsNode(picture) && showsGraph(picture),
    BOOT,
  );
  console.log(`the first viewer saw clumpview after ${(milliseconds / 1000).toFixed(1)} s`);
  expect(viewer.said).toContain("TLSVnc");
  expect((await viewer.picture()).at(...BESIDE)).toBe("000000");
});

test("a wrong password is refused, and the right one still let in", async () => {
  await using stranger = await startViewer(port, "secret13");
  await stranger.left;
  expect(stranger.said).toMatch(/Authentication failure|password/i);
  await using friend = await startViewer(port, "secret12", ["-SecurityTypes=VncAuth"]);
  await seeInViewer(friend, showsNode, BOOT);
});

test("twenty connections that say nothing, as a health check makes, lock nobody out", async () => {
  for (let turn = 0; turn < 20; turn++) await checkHealth({ port });
  await using viewer = await startViewer(port, "secret12");
  await seeInViewer(viewer, showsNode, BOOT);
});

test("a click beside clumpview opens a shell, which asks for its own password; no secret is in /proc; guesses lock out the guesser alone", async () => {
  await using viewer = await startViewer(port, "secret12");
  await using second = await startViewer(port, "secret12");
  await seeInViewer(viewer, showsNode, BOOT);
  await viewer.click(...BESIDE);
  await seeInViewer(viewer, showsShell, BOOT);
  const { colours } = await viewer.picture();
  await viewer.type("wrong");
  await seeInViewer(viewer, hasMoreWords(colours), BOOT);
  await viewer.type("sesame");
  await viewer.type("echo typed''-by a viewer >/dev/kmsg");
  await saysInLog(viewer, "typed-by a viewer");
  // The terms are put together by the shell, so that it is not found looking for them.
  await viewer.type(
    "a=secret b=sesam; grep -l -e $a''12 -e $b''e /proc/[0-9]*/cmdline /proc/[0-9]*/environ /proc/cmdline >/tmp/found",
  );
  await viewer.type("echo found''-in $(cat /tmp/found) end >/dev/kmsg");
  await saysInLog(viewer, "found-in end");
  // Whoever looked first was not thrown out.
  await seeInViewer(second, showsNode, SOON);
  const guesses: string[] = [];
  for (let turn = 0; turn < 10; turn++) guesses.push(await logIn({ port, password: "secret13" }));
  // The first lock lasts 10 s: a slow machine is past it with the last guess.
  expect(guesses).toContain("Too many security failures");
  // The node itself, another address, is still offered its security types.
  await viewer.type(
    "(echo RFB 003.008; sleep 5) | nc 127.0.0.1 5900 | tail -c +13 | head -c 2 | hexdump -e '/1 \"-%d\"' >/tmp/types",
  );
  await viewer.type("echo types''-offered$(cat /tmp/types) >/dev/kmsg");
  await saysInLog(viewer, "types-offered-2-19");
});
