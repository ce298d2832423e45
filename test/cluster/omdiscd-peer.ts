/**
 * A node of openMosix, as far as its neighbours see it: sends one datagram, and where an answer is named it prints
 * all it hears until that has come.
 */

import { DISCOVERY_GROUP, DISCOVERY_PORT } from "../../cluster/discovery/packet.ts";

const [address = "", datagram = "", answer] = process.argv.slice(2);

const socket = await Bun.udpSocket({
  hostname: DISCOVERY_GROUP,
  port: DISCOVERY_PORT,
  socket: {
    data(_, bytes) {
      console.log(bytes.toString("hex"));
      if (bytes.toString("hex") === answer) process.exit();
    },
  },
});
socket.setMulticastInterface(address);
socket.addMembership(DISCOVERY_GROUP, address);
socket.send(Buffer.from(datagram, "hex"), DISCOVERY_PORT, DISCOVERY_GROUP);
if (answer === undefined) process.exit();
setTimeout(() => process.exit(), 20_000);
