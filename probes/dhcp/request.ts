/** Encodes a request of `transition()` as BOOTP packet and as broadcast datagram. */

import { MESSAGE_TYPE, OPTION, REQUESTED_OPTIONS, writeOption } from "./packet/options.ts";
import { encodePacket } from "./packet/packet.ts";
import { CLIENT_PORT, SERVER_PORT } from "./packet/ports.ts";
import { encodeDatagram } from "./packet/udp.ts";
import type { Request } from "./state.ts";

/** The client as its messages name it. */
export interface Identity {
  /** Six bytes. */
  readonly mac: Uint8Array;
  readonly hostname?: string;
  /** Type and value of option 61; default: the hardware address. */
  readonly clientId?: Uint8Array;
  /** MTU of the link, into which answers must fit. */
  readonly mtu: number;
}

const NO_ADDRESS = "0.0.0.0";
const ETHERNET = 1;
const VENDOR_CLASS = "clump";
/** Bytes of the IPv4 and UDP headers, without options. */
const HEADERS = 28;
/** The least that option 57 may say (RFC 2132, section 9.10). */
const SMALLEST_LIMIT = 576;
const ETHERNET_MTU = 1_500;

/** The BOOTP packet. */
export function encodeRequest(request: Request, { mac, hostname, clientId, mtu }: Identity): Uint8Array {
  const { type, xid, secs, broadcast, ciaddr = NO_ADDRESS, requestedAddress, server } = request;
  const longest = Math.max(Math.min(mtu, ETHERNET_MTU) - HEADERS, SMALLEST_LIMIT);
  const { message } = request;
  const options = new Map([
    writeOption(OPTION.messageType, MESSAGE_TYPE[type]),
    // Firmware and installers name the PC by its hardware address too, so that a PC gets one lease a boot.
    writeOption(OPTION.clientId, clientId ?? Uint8Array.of(ETHERNET, ...mac)),
    ...(requestedAddress ? [writeOption(OPTION.requestedAddress, requestedAddress)] : []),
    ...(server ? [writeOption(OPTION.server, server)] : []),
    ...(message ? [writeOption(OPTION.message, message)] : []),
    ...(isAnswered(type) ? requestParameters(longest, hostname) : []),
  ]);
  const addresses = { ciaddr, yiaddr: NO_ADDRESS, siaddr: NO_ADDRESS, giaddr: NO_ADDRESS };
  return encodePacket({ op: "request", xid, secs, broadcast, ...addresses, chaddr: mac, options });
}

/** DECLINE and RELEASE ask for nothing: table 5 of RFC 2131 forbids them the options of `requestParameters()`. */
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

/** Builds the IPv4 packet that carries a BOOTP packet to every server on the link. */
export function encodeBroadcast(payload: Uint8Array, source = NO_ADDRESS): Uint8Array {
  const ports = { sourcePort: CLIENT_PORT, destinationPort: SERVER_PORT };
  return encodeDatagram({ source, destination: "255.255.255.255", ...ports, payload });
}
