/** Announces all nodes of 10.9.0.0/24 as omdiscd does, from one machine: `omdiscd-flood.ts OWN-ADDRESS`. */

import { DISCOVERY_GROUP, DISCOVERY_PORT, encodeDiscovery } from "../../cluster/discovery/packet.ts";

const FIRST = 0x0a090001;
const LAST = 0x0a0900fe;

const [address = ""] = process.argv.slice(2);
const socket = await Bun.udpSocket({});
socket.setMulticastInterface(address);
for (let each = FIRST; each <= LAST; each++)
  socket.send(encodeDiscovery({ type: "ack", addresses: [each] }), DISCOVERY_PORT, DISCOVERY_GROUP);
await Bun.sleep(100);
process.exit();
