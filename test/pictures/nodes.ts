/** The screens of three nodes: how the first boots, and what it shows of a load on all three. */

import { pressKeys, typeText } from "../../assets/qemu/keyboard.ts";
import { startDhcpServer } from "../../assets/qemu/lan/dhcp-server.ts";
import { userNetworkMac } from "../../assets/qemu/nics.ts";
import type { Vm } from "../../assets/qemu/vm.ts";
import { BOOT, bootNode, CONFIGURED, SOON } from "../lib/node.ts";
import { freePort } from "../lib/port.ts";
import { seeOnScreen } from "../lib/screen.ts";
import { openShell } from "../lib/shell.ts";
import { seeInViewer, startViewer } from "../lib/viewer.ts";
import { startBrowser } from "../web/browser.ts";
import { bitmap, keep, keepScreen } from "./keep.ts";
import { WEB_COLOURS } from "./web.ts";

const NETWORK = "192.168.1";
/** Where ports of this machine come in; no node has this address. */
const GATEWAY = `${NETWORK}.253`;
const PASSWORD = "sesame12";
/** Processes of `clump demo load` on each node. */
const LOADS = [2, 1, 3];
/** Until a line of text that has begun to appear is whole. */
const DRAWN_MILLISECONDS = 2_000;
/** Until the graphs of a page show something. */
const GRAPH_MILLISECONDS = 25_000;

/** The colour of keys in the last line of clumpview, and of the ground of a shell. */
const KEYS = "00ffff";
const SHELL_GREY = "1f1f1f";
const VIEWER_COLOURS = 256;
/** Where a viewer sees the desktop beside clumpview. */
const BESIDE = [1_150, 500] as const;

class Lan implements Disposable {
  readonly web = freePort();
  readonly vnc = freePort();
  readonly #server = startDhcpServer({
    server: `${NETWORK}.254`,
    client: (lastByte) => `${NETWORK}.${lastByte}`,
    leaseSeconds: 3_600,
    userNetwork: userNetworkMac(GATEWAY),
  });

  /** Boots a node; ports of this machine lead to the first. */
  boot(id: number): Promise<Vm> {
    const ports = [
      { from: this.web, to: 8080 },
      { from: this.vnc, to: 5900 },
    ];
    const forward = { ports, node: `${NETWORK}.${id}`, gateway: GATEWAY };
    const network = { kind: "socket", path: this.#server.path, ...(id === 1 && { forward }) } as const;
    const mac = `52:54:00:12:34:0${id}`;
    return bootNode({
      name: `picture-${id}`,
      screen: true,
      append: `clump.web clump.vnc.password=${PASSWORD}`,
      nics: [{ model: "virtio-net-pci", mac, network }],
    });
  }

  [Symbol.dispose](): void {
    this.#server[Symbol.dispose]();
  }
}

/** Makes a load from a shell on the serial line. */
async function makeLoad(vm: Vm, processes: number): Promise<void> {
  vm.console.send("s");
  await openShell(vm, BOOT);
  // The speed of an emulated processor beside others is anything; a load of 1.00 is one process at this speed.
  vm.console.send(`mosctl setspeed 10000; clump demo load 3600 ${processes}\n`);
  await vm.console.expect("Ctrl-C ends it", SOON);
}

/** Pages of clumpview on the screen of a node in company, then a shell in their place. */
async function takePages(vm: Vm): Promise<void> {
  const { qmp } = vm;
  await keepScreen(qmp, "nodes.png");
  await pressKeys(qmp, ["h"]);
  await seeOnScreen(vm, "the keys");
  await keepScreen(qmp, "help.png");
  await pressKeys(qmp, ["h"]);
  await pressKeys(qmp, ["s"]);
  await seeOnScreen(vm, "leads back to the screen of this node", BOOT);
  await seeOnScreen(vm, "# ", BOOT);
  await typeText(qmp, "clump nodes\n");
  await seeOnScreen(vm, "free MB", SOON);
  await Bun.sleep(DRAWN_MILLISECONDS);
  await keepScreen(qmp, "shell.png");
  await typeText(qmp, "exit\n");
}

async function takeBrowser(port: number): Promise<void> {
  await using browser = await startBrowser();
  await browser.resize(1_024, 640);
  await browser.open(`http://127.0.0.1:${port}/`, PASSWORD);
  await browser.until(`document.querySelectorAll("#rows tr").length >= 3`);
  await Bun.sleep(GRAPH_MILLISECONDS);
  await keep("web-nodes.png", await browser.screenshot(), WEB_COLOURS);
}

async function takeViewer(port: number): Promise<void> {
  await using viewer = await startViewer(port, PASSWORD);
  await seeInViewer(viewer, ({ colours }) => (colours.get(KEYS) ?? 0) > 500, BOOT);
  await viewer.click(...BESIDE);
  await seeInViewer(viewer, ({ colours }) => (colours.get(SHELL_GREY) ?? 0) > 100_000, BOOT);
  await viewer.type("clump nodes; setpe -r");
  await Bun.sleep(DRAWN_MILLISECONDS);
  await keep("vnc.png", bitmap(await viewer.picture(), 1_280, 800), VIEWER_COLOURS);
}

export async function takeNodes(): Promise<void> {
  using lan = new Lan();
  await using first = await lan.boot(1);
  await first.console.expect("SELECTING -> REQUESTING", BOOT);
  await keepScreen(first.qmp, "boot.png");
  await first.console.expect("shut this node down", BOOT);
  await seeOnScreen(first, "shut this node down", BOOT);
  await Bun.sleep(GRAPH_MILLISECONDS);
  await keepScreen(first.qmp, "console.png");
  await using second = await lan.boot(2);
  await using third = await lan.boot(3);
  const nodes = [first, second, third];
  for (const vm of [second, third]) {
    await vm.console.expect(CONFIGURED, BOOT);
    await vm.console.expect("shut this node down", BOOT);
  }
  await seeOnScreen(first, `${NETWORK}.3`, BOOT);
  for (const [index, vm] of nodes.entries()) await makeLoad(vm, LOADS[index] ?? 1);
  await Bun.sleep(2 * GRAPH_MILLISECONDS);
  await takePages(first);
  await takeBrowser(lan.web);
  await takeViewer(lan.vnc);
}
