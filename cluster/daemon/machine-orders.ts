/** The orders that move machines, as this daemon follows them. */

import { type Log, reason } from "../../system/log.ts";
import { MOST_NODES } from "../gossip/table.ts";
import { HardwareAddresses } from "../power/hardware-addresses.ts";
import { sendMagicPackets } from "../power/magic-packet.ts";
import { followOrder, type NodeOrder, orderLine } from "../power/node-orders.ts";
import type { PowerOrders } from "./control-context.ts";
import type { OwnIdentity } from "./own-identity.ts";

export interface MachineOrdersOptions {
  readonly root: string;
  readonly log: Log;
  /** Nothing while this node has no address. */
  readonly identity: () => Pick<OwnIdentity, "address" | "prefix"> | undefined;
}

export class MachineOrders implements PowerOrders {
  readonly #options: MachineOrdersOptions;
  readonly hardware = new HardwareAddresses(MOST_NODES);

  constructor(options: MachineOrdersOptions) {
    this.#options = options;
  }

  follow = (order: NodeOrder, asker: string): void => {
    const { log, root } = this.#options;
    log.info(orderLine(order, asker));
    // The daemon of a tree that is not this machine's moves no machine.
    if (root === "") followOrder(order);
  };

  sleepers = (which: number | "all") => this.hardware.find(which);

  wake = (macs: readonly number[]): void => {
    const { log, identity } = this.#options;
    const from = identity();
    if (from === undefined) return;
    log.info(`Wake-on-LAN for ${macs.length} nodes`);
    sendMagicPackets(from, macs).catch((error: unknown) =>
      log.warn(`Cannot send Wake-on-LAN: ${reason(error)}, ignoring`),
    );
  };
}
