/**
 * A machine that says each second, of an address, that it is its own, whoever has it; says on standard error who answers
 * that. Arguments are the interface, the address, and the number of a VLAN to tag its packets for.
 */

import { encodeAnnouncement, findConflict } from "../../probes/arp/packet.ts";
import { formatMac } from "../../system/address/mac.ts";
import { call } from "../../system/kernel/libc.ts";
import { linux } from "../../system/kernel/linux.ts";
import { ETHERNET_BROADCAST, encodeLinkAddress } from "../../system/kernel/packet.ts";
import { AF_PACKET, openSocket, SOCK_DGRAM } from "../../system/kernel/socket.ts";

const [name, address = "", vlan] = process.argv.slice(2);
const link = linux.network.links().find((candidate) => candidate.name === name);
if (link === undefined) throw new RangeError(`Cannot start: there is no interface ${name}`);
const { index, address: mac } = link;
const claim = encodeAnnouncement(mac, address);

const socket = linux.network.openPacketSocket(index, "arp");
const tagged = openSocket({ family: AF_PACKET, type: SOCK_DGRAM, protocol: 0 });

/** IEEE 802.1Q: the tag, and what type of packet follows it. */
function sendTagged(id: number): void {
  const packet = Uint8Array.from([id >> 8, id & 0xff, 0x08, 0x06, ...claim]);
  const target = encodeLinkAddress(index, { kind: "arp", hardware: ETHERNET_BROADCAST });
  target.set([0x81, 0x00], 2);
  call("sendto", "send a tagged packet", tagged, packet, packet.length, 0, target, target.length);
}

function send(): void {
  if (vlan === undefined) socket.send(claim, ETHERNET_BROADCAST);
  else sendTagged(Number(vlan));
  console.error(`claimed by ${formatMac(mac)}`);
}

send();
setInterval(send, 1_000);
for await (const packet of socket.packets) {
  const other = findConflict(packet, { mac, address });
  if (other !== undefined) console.error(`defended by ${formatMac(other)}`);
}
