/** A diskless node that its own firmware boots from whoever serves on a wire. */

import { openShell } from "../../lib/shell.ts";
import { type MediaMachine, seeNode, startMachine, TRY_AGAIN } from "../../media/machine.ts";

/** A BIOS, PXE, a menu and a boot, beside another PC and a workstation that serves 100 MB to each. */
const BOOTS = { within: 240 };
const SHELL = { within: 60 };

export interface PxeNode extends AsyncDisposable {
  readonly machine: MediaMachine;
  readonly mode: string;
  /** Its number, and the last byte of its address. */
  readonly id: number;
}

/** Boots one by its network card to the mode that its options name; in Expert mode it has a shell then. */
export async function bootByNetwork(name: string, path: string, mac: string): Promise<PxeNode> {
  const devices = [
    ...["-netdev", `stream,id=net,server=off,addr.type=unix,addr.path=${path}`],
    ...["-device", `virtio-net-pci,netdev=net,mac=${mac},bootindex=1`],
    ...TRY_AGAIN,
  ];
  await using machines = new AsyncDisposableStack();
  const machine = machines.use(await startMachine({ name, firmware: "bios", memoryMegabytes: 512, devices }));
  const { mode = "", address = "" } = await seeNode(machine, BOOTS);
  if (mode === "Expert") await openShell(machine, SHELL);
  const started = machines.move();
  const id = Number(/(\d+)\/\d+$/.exec(address)?.[1]);
  return { machine, mode, id, [Symbol.asyncDispose]: () => started.disposeAsync() };
}
