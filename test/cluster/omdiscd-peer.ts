/** A node of openMosix, as far as its neighbours see it: sends one datagram and prints what it hears for a second. */

import { DISCOVERY_GROUP, DISCOVERY_PORT } from "../../cluster/discovery/packet.ts";

const [address = "", datagram = ""] = process.argv.slice(2);

const socket = await Bun.udpSocket({
  hostname: DISCOVERY_GROUP,
  port: DISCOVERY_PORT,
  socket: { data: (_, bytes) => console.log(bytes.toString("hex")) },
});
socket.setMulticastInterface(address);
socket.addMembership(DISCOVERY_GROUP, address);
socket.send(Buffer.from(datagram, "hex"), DISCOVERY_PORT, DISCOVERY_GROUP);
setTimeout(() => process.exit(), 1_000);
