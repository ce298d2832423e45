/**
 * Our client on a real interface, applying its leases; says what happens on standard error. SIGTERM gives its
 * lease back; arguments are the interface, the host name, and the address it had before.
 */

import { startDhcpClient } from "../../probes/dhcp/client.ts";
import type { Lease } from "../../probes/dhcp/lease.ts";
import { applyLease, withdrawLease } from "../../probes/network/lease-addresses.ts";
import { linux } from "../../system/kernel/linux.ts";
import { createTerminalLog } from "../../system/log.ts";

const [name = "eth0", hostname, previous] = process.argv.slice(2);
const { network } = linux;
const log = { ...createTerminalLog("test"), debug: (line: string) => console.error(`debug: ${line}`) };
const signal = AbortSignal.timeout(120_000);

const link = network.links().find((candidate) => candidate.name === name);
if (link === undefined) throw new RangeError(`Cannot start: there is no interface ${name}`);
const events = network.linkEvents(signal);
network.setLink(link.index, { up: true });

let applied: Lease | undefined;
function onLease(lease: Lease | undefined): void {
  const options = { metric: 100, log };
  if (lease !== undefined) {
    applyLease(network, link!, lease, { ...options, ...(applied && { previous: applied }) });
    console.error(`lease ${JSON.stringify(lease)}`);
  } else if (applied !== undefined) {
    withdrawLease(network, link!, applied, options);
    console.error("lease withdrawn");
  }
  applied = lease;
}

const client = startDhcpClient({
  link,
  carrier: false,
  network,
  log,
  signal,
  onLease,
  onState: ({ text, hint }) => console.error(`state: ${text}${hint ? `: ${hint}` : ""}`),
  ...(hostname && { nameAt: () => hostname }),
  ...(previous && { previous }),
});
process.on("SIGTERM", () => {
  void client.release().then(() => console.error("given back"));
});

const carrierNow = network.links().find((candidate) => candidate.index === link.index)?.carrier ?? false;
client.carrier(carrierNow);
for await (const event of events) {
  if (event.link.index === link.index) client.carrier(event.link.carrier);
}
