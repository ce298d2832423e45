/** From the bytes on the wire to a reply that `transition()` may act on. */

import { readLease, readServer } from "./lease.ts";
import type { OnIgnored } from "./packet/option-field.ts";
import { MESSAGE_TYPE, OPTION, readOption, requireOption } from "./packet/options.ts";
import { decodePacket, type Packet } from "./packet/packet.ts";
import { DhcpPacketError } from "./packet/packet-error.ts";
import { CLIENT_PORT } from "./packet/ports.ts";
import { decodeDatagram } from "./packet/udp.ts";
import type { Reply } from "./state.ts";

const LONGEST_MESSAGE = 80;

/**
 * Reads one whole IPv4 packet as a server's answer to the hardware address `mac`. Options that are left out are passed to
 * `ignored`. @throws DhcpPacketError for a packet that is no answer to us
 */
export function readReply(
  bytes: Uint8Array,
  { mac, ignored = () => {} }: { readonly mac: Uint8Array; readonly ignored?: OnIgnored },
): Reply {
  // The source port may be any: section 4.1 names the destination alone, and some relays send from a port of their own.
  const { sourcePort, destinationPort, payload } = decodeDatagram(bytes);
  if (destinationPort !== CLIENT_PORT) {
    throw new DhcpPacketError(`Cannot use a datagram: it went from port ${sourcePort} to ${destinationPort}`);
  }
  const packet = decodePacket(payload, ignored);
  if (packet.op !== "reply") throw new DhcpPacketError("Cannot use a DHCP packet: it is a client's");
  if (!packet.chaddr.every((byte, at) => byte === mac[at])) {
    throw new DhcpPacketError("Cannot use a DHCP packet: it answers another client");
  }
  return toReply(packet, ignored);
}

function toReply(packet: Packet, ignored: OnIgnored): Reply {
  const { xid } = packet;
  const type = requireOption(packet.options, OPTION.messageType);
  switch (type) {
    case MESSAGE_TYPE.OFFER:
      return readGrant(packet, { kind: "offer", ignored });
    case MESSAGE_TYPE.ACK:
      return readGrant(packet, { kind: "ack", ignored });
    case MESSAGE_TYPE.NAK: {
      const message = readOption(packet.options, OPTION.message)?.slice(0, LONGEST_MESSAGE);
      return { kind: "nak", xid, server: readServer(packet), ...(message && { message }) };
    }
    default:
      throw new DhcpPacketError(`Cannot use a DHCP packet: message type ${type} is not for clients`);
  }
}

/** A faulty answer to us is an event: without one, the screen would send people to look for a missing server. */
function readGrant(packet: Packet, { kind, ignored }: { kind: "offer" | "ack"; ignored: OnIgnored }): Reply {
  const { xid } = packet;
  try {
    return { kind, xid, lease: readLease(packet, ignored) };
  } catch (error) {
    if (!(error instanceof DhcpPacketError)) throw error;
    return { kind: "unusable", xid, why: error.message };
  }
}
