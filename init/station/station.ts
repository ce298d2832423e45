/** A workstation as a node: its address, number and map, in step with a network that other programs configure. */

import { hostname, networkInterfaces } from "node:os";
import { createHostResolver } from "../../cluster/map/hosts.ts";
import { configureNode, entriesOf, removeOwnNode } from "../../cluster/map/node-map.ts";
import { chooseMap } from "../../cluster/map/own-map.ts";
import packageJson from "../../package.json";
import { readOptional } from "../../system/files.ts";
import { type Log, reason } from "../../system/log.ts";
import { type NodeStatus, writeStatus } from "../../system/state/node-status.ts";
import type { StationOptions } from "./clump-conf.ts";
import { findOwnNic, type OwnNic } from "./own-nic.ts";

export interface StationInputs {
  readonly root: string;
  readonly options: StationOptions;
  readonly log: Log;
  /** Default: this machine's. */
  readonly interfaces?: typeof networkInterfaces;
}

export class Station {
  readonly #inputs: StationInputs;
  #said = "";
  #queue = Promise.resolve();

  constructor(inputs: StationInputs) {
    this.#inputs = inputs;
  }

  /** Brings map, number and status in step with the network, one call after the other. Never throws. */
  update(): Promise<void> {
    const { log } = this.#inputs;
    this.#queue = this.#queue
      .then(() => this.#settle())
      .catch((error: unknown) => log.error(`Cannot follow the network: ${reason(error)}, ignoring`));
    return this.#queue;
  }

  async #settle(): Promise<void> {
    const { root, options, log } = this.#inputs;
    let nic: OwnNic | undefined;
    try {
      nic = this.#findNic();
      const map = await this.#chooseMap(nic);
      configureNode(root, map);
      const entries = entriesOf(map.text);
      this.#show(nic, { node: map.node, map: entries }, map.warning === undefined ? [] : [map.warning]);
      const shown = `${nic.address}/${nic.prefix} on ${nic.name}, map ${entries.replaceAll("\n", "; ")}`;
      this.#say(`configured: node ${map.node}, ${shown}`, log.info);
    } catch (error) {
      removeOwnNode(root);
      this.#show(nic, { problems: [reason(error)] }, options.complaints);
      this.#say(`Cannot take part in the cluster: ${reason(error)}`, log.warn);
    }
  }

  #findNic(): OwnNic {
    const { root, options, interfaces = networkInterfaces } = this.#inputs;
    return findOwnNic(interfaces(), readOptional(`${root}/proc/net/route`) ?? "", options.nic);
  }

  #chooseMap({ address, prefix }: OwnNic): ReturnType<typeof chooseMap> {
    const { root, options } = this.#inputs;
    const { map: given, discovery, span } = options;
    return chooseMap({ ...{ address, prefix, discovery, span, given }, resolve: createHostResolver(root) });
  }

  #show(nic: OwnNic | undefined, found: Partial<NodeStatus>, warnings: readonly string[]): void {
    const { root, options } = this.#inputs;
    writeStatus(root, {
      ...{ version: packageJson.version, hostname: hostname(), mode: "Workstation", problems: [] },
      ...found,
      ...(nic && { address: nic.address, prefix: nic.prefix, nic: nic.name }),
      nics: nic ? [{ name: nic.name, mac: nic.mac, device: "", carrier: true, dhcp: "" }] : [],
      warnings: [...new Set([...options.complaints, ...warnings])],
    });
  }

  /** Changes of the network come in bursts; the log has a line for each change of the node. */
  #say(line: string, write: (line: string) => void): void {
    if (line !== this.#said) write(line);
    this.#said = line;
  }
}
