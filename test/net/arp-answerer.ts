/**
 * A machine that has an address and answers each probe for it late, as from power saving. Arguments are the interface,
 * the address, and the delay in milliseconds.
 */

import { encodeAnnouncement, findConflict } from "../../probes/arp/packet.ts";
import { linux } from "../../system/kernel/linux.ts";
import { ETHERNET_BROADCAST } from "../../system/kernel/packet.ts";

const [name, address = "", delay] = process.argv.slice(2);
const link = linux.network.links().find((candidate) => candidate.name === name);
if (link === undefined) throw new RangeError(`Cannot start: there is no interface ${name}`);
const { index, address: mac } = link;
const answer = encodeAnnouncement(mac, address);

const socket = linux.network.openPacketSocket(index, "arp");
console.error("listening");
for await (const packet of socket.packets) {
  if (findConflict(packet, { mac, address }) === undefined) continue;
  setTimeout(() => socket.send(answer, ETHERNET_BROADCAST), Number(delay));
}
