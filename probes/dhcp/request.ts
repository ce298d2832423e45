/**
 * From a request that `transition()` wants sent to the bytes of its BOOTP packet and its broadcast datagram.
 */

import { MESSAGE_TYPE, OPTION, REQUESTED_OPTIONS, writeOption } from "./packet/options.ts";
import { encodePacket } from "./packet/packet.ts";
import { CLIENT_PORT, SERVER_PORT } from "./packet/ports.ts";
import { encodeDatagram } from "./packet/udp.ts";
import type { Request } from "./state.ts";

/** Who asks. */
export interface Identity {
  /** Six bytes. */
  readonly mac: Uint8Array;
  readonly hostname?: string;
  /** Type and value of option 61; the hardware address when absent. */
  readonly clientId?: Uint8Array;
  /** Of the link: what answers must fit in. */
  readonly mtu: number;
}

const NO_ADDRESS = "0.0.0.0";
const ETHERNET = 1;
const VENDOR_CLASS = "clump";
/** IPv4 and UDP, without options. */
const HEADERS = 28;
/** RFC 2132, section 9.10, and the frame that all Ethernets carry. */
const SMALLEST_LIMIT = 576;
const ETHERNET_MTU = 1_500;

/** The BOOTP packet. */
export function encodeRequest(request: Request, { mac, hostname, clientId, mtu }: Identity): Uint8Array {
  const { type, xid, secs, broadcast, ciaddr = NO_ADDRESS, requestedAddress, server } = request;
  const longest = Math.max(Math.min(mtu, ETHERNET_MTU) - HEADERS, SMALLEST_LIMIT);
  const { message } = request;
  const options = new Map([
    writeOption(OPTION.messageType, MESSAGE_TYPE[type]),
    // The hardware address and nothing else, as firmware and installers say it: one PC, one lease at each boot.
    writeOption(OPTION.clientId, clientId ?? Uint8Array.of(ETHERNET, ...mac)),
    ...(requestedAddress ? [writeOption(OPTION.requestedAddress, requestedAddress)] : []),
    ...(server ? [writeOption(OPTION.server, server)] : []),
    ...(message ? [writeOption(OPTION.message, message)] : []),
    ...(isAnswered(type) ? requestParameters(longest, hostname) : []),
  ]);
  const addresses = { ciaddr, yiaddr: NO_ADDRESS, siaddr: NO_ADDRESS, giaddr: NO_ADDRESS };
  return encodePacket({ op: "request", xid, secs, broadcast, ...addresses, chaddr: mac, options });
}

/** DECLINE and RELEASE ask for nothing: table 5 of the RFC forbids them all that follows. */
function isAnswered(type: Request["type"]): boolean {
  return type === "DISCOVER" || type === "REQUEST";
}

function requestParameters(
  longest: number,
  hostname: string | undefined,
): [code: number, instances: Uint8Array[]][] {
  return [
    writeOption(OPTION.longestMessage, longest),
    writeOption(OPTION.parameterList, Uint8Array.from(REQUESTED_OPTIONS)),
    writeOption(OPTION.vendorClass, VENDOR_CLASS),
    ...(hostname ? [writeOption(OPTION.hostname, hostname)] : []),
  ];
}

/** The IPv4 packet of a BOOTP packet to every server on the link. */
export function encodeBroadcast(payload: Uint8Array, source = NO_ADDRESS): Uint8Array {
  const ports = { sourcePort: CLIENT_PORT, destinationPort: SERVER_PORT };
  return encodeDatagram({ source, destination: "255.255.255.255", ...ports, payload });
}
