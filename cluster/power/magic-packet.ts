/** Wake-on-LAN: the NIC of a machine that is off looks for its own hardware address in what comes ("Magic Packet Technology", AMD 20213). */

import { formatAddress, prefixToMask } from "../../system/address/ipv4.ts";
import { macBytes } from "../../system/address/mac.ts";

/** UDP port of the discard service, which nothing answers on; the NIC looks at the bytes alone. */
const WAKE_PORT = 9;
const REPEATS = 16;

/** 102 bytes: six of 255, then the hardware address 16 times. */
export function magicPacket(mac: number): Uint8Array {
  const address = macBytes(mac);
  return Buffer.concat([Buffer.alloc(6, 0xff), ...Array.from({ length: REPEATS }, () => address)]);
}

/** A machine that is off answers no ARP, so the packets go to all hosts of the network. @throws the error of the socket */
export async function sendMagicPackets(
  from: { readonly address: number; readonly prefix: number },
  macs: readonly number[],
): Promise<void> {
  const socket = await Bun.udpSocket({ hostname: formatAddress(from.address) });
  try {
    socket.setBroadcast(true);
    const everyone = formatAddress((from.address | ~prefixToMask(from.prefix)) >>> 0);
    for (const mac of macs) socket.send(magicPacket(mac), WAKE_PORT, everyone);
  } finally {
    socket.close();
  }
}
