/** A diskless node that its own firmware boots from whoever serves on a wire. */

import { ENTERED } from "../../lib/node.ts";
import { output } from "../../lib/shell.ts";
import { type MediaMachine, startMachine, TRY_AGAIN } from "../../media/machine.ts";

/** A BIOS, PXE, two menus and a boot, beside a workstation that serves 100 MB to it. */
const BOOTS = { within: 240 };
const SOON = { within: 60 };

/** Boots one by its network card; nobody types anything until it is in ClumpOS mode. */
export async function bootByNetwork(name: string, path: string, mac: string): Promise<MediaMachine> {
  const devices = [
    ...["-netdev", `stream,id=net,server=off,addr.type=unix,addr.path=${path}`],
    ...["-device", `virtio-net-pci,netdev=net,mac=${mac},bootindex=1`],
    ...TRY_AGAIN,
  ];
  const node = await startMachine({ name, firmware: "bios", memoryMegabytes: 512, devices });
  try {
    await node.console.expect(ENTERED, BOOTS);
    await node.console.expect("shut this node down", SOON);
    return node;
  } catch (error) {
    await node[Symbol.asyncDispose]();
    throw error;
  }
}

/** Leaves the screen of a node for a shell on its serial line. */
export async function leaveScreen(node: MediaMachine): Promise<void> {
  node.console.send("s");
  await node.console.expect("leads back to the screen of this node", SOON);
  await node.console.expect("# ", SOON);
  node.console.send("stty cols 1000; dmesg -n 1; echo shell''-ready\n");
  await node.console.expect(/^shell-ready\n/m, SOON);
  await output(node, "true");
}
