/** WireGuard devices as generic netlink messages; pure, numbers as in linux/genetlink.h and linux/wireguard.h. */

import { cstring, ipBytes, uint16, uint32 } from "./attribute-value.ts";
import type { WireguardPeer, WireguardState } from "./kernel.ts";
import { type Attribute, decodeAttributes, eachAttribute, encodeAttributes, nested } from "./netlink.ts";

/** Message type of the family "nlctrl", which knows the types of the other families. */
export const GENL_ID_CTRL = 16;
const CTRL_CMD_GETFAMILY = 3;
const CTRL_ATTR_FAMILY_ID = 1;
const CTRL_ATTR_FAMILY_NAME = 2;
const WG_CMD_GET_DEVICE = 0;
const WG_CMD_SET_DEVICE = 1;
const VERSION = 1;
/** struct genlmsghdr */
const HEADER_BYTES = 4;

const WGDEVICE_A_IFNAME = 2;
const WGDEVICE_A_PRIVATE_KEY = 3;
const WGDEVICE_A_PUBLIC_KEY = 4;
const WGDEVICE_A_FLAGS = 5;
const WGDEVICE_A_LISTEN_PORT = 6;
const WGDEVICE_A_PEERS = 8;
const WGDEVICE_F_REPLACE_PEERS = 1;
const WGPEER_A_PUBLIC_KEY = 1;
const WGPEER_A_FLAGS = 3;
const WGPEER_A_ENDPOINT = 4;
const WGPEER_A_ALLOWEDIPS = 9;
const WGPEER_F_REMOVE_ME = 1;
const WGPEER_F_REPLACE_ALLOWEDIPS = 2;
const WGALLOWEDIP_A_FAMILY = 1;
const WGALLOWEDIP_A_IPADDR = 2;
const WGALLOWEDIP_A_CIDR_MASK = 3;
const AF_INET = 2;
const AF_INET6 = 10;

export function encodeFamilyRequest(name: string): Uint8Array {
  return encode(CTRL_CMD_GETFAMILY, [[CTRL_ATTR_FAMILY_NAME, cstring(name)]]);
}

/** The message type of the family, `undefined` where the answer names none. */
export function decodeFamily(body: Uint8Array): number | undefined {
  const id = decodeAttributes(body.subarray(HEADER_BYTES)).get(CTRL_ATTR_FAMILY_ID);
  return id?.length === 2 ? new DataView(id.buffer, id.byteOffset).getUint16(0, true) : undefined;
}

export function encodeDeviceRequest(name: string): Uint8Array {
  return encode(WG_CMD_GET_DEVICE, [[WGDEVICE_A_IFNAME, cstring(name)]]);
}

/** The key and port of a device, without peers. */
export function encodeDevice(
  name: string,
  { privateKey, port }: { readonly privateKey: Uint8Array; readonly port: number },
): Uint8Array {
  return encode(WG_CMD_SET_DEVICE, [
    [WGDEVICE_A_IFNAME, cstring(name)],
    [WGDEVICE_A_FLAGS, uint32(WGDEVICE_F_REPLACE_PEERS)],
    [WGDEVICE_A_PRIVATE_KEY, privateKey],
    [WGDEVICE_A_LISTEN_PORT, uint16(port)],
  ]);
}

/** A peer that is to be added, and may send from and be sent to its one inner address. */
export function encodeNewPeer(name: string, { publicKey, endpoint, inner }: WireguardPeer): Uint8Array {
  const allowed = nested(0, [
    [WGALLOWEDIP_A_FAMILY, uint16(AF_INET6)],
    [WGALLOWEDIP_A_IPADDR, ipBytes(inner)],
    [WGALLOWEDIP_A_CIDR_MASK, Uint8Array.of(128)],
  ]);
  return encodePeer(name, [
    [WGPEER_A_PUBLIC_KEY, publicKey],
    [WGPEER_A_FLAGS, uint32(WGPEER_F_REPLACE_ALLOWEDIPS)],
    [WGPEER_A_ENDPOINT, socketAddress(endpoint)],
    nested(WGPEER_A_ALLOWEDIPS, [allowed]),
  ]);
}

export function encodeOldPeer(name: string, publicKey: Uint8Array): Uint8Array {
  return encodePeer(name, [
    [WGPEER_A_PUBLIC_KEY, publicKey],
    [WGPEER_A_FLAGS, uint32(WGPEER_F_REMOVE_ME)],
  ]);
}

/** A device that the kernel describes in one message or several. */
export function decodeDevice(bodies: readonly Uint8Array[]): WireguardState {
  const parts = bodies.map((body) => decodeAttributes(body.subarray(HEADER_BYTES)));
  const publicKey = parts.map((part) => part.get(WGDEVICE_A_PUBLIC_KEY)).find((key) => key !== undefined);
  const lists = parts.flatMap((part) => part.get(WGDEVICE_A_PEERS) ?? []);
  const peers = lists.flatMap((list) => [...eachAttribute(list)]).map(([, peer]) => decodeAttributes(peer));
  const keys = peers
    .flatMap((peer) => peer.get(WGPEER_A_PUBLIC_KEY) ?? [])
    .map((key) => Uint8Array.from(key));
  return { publicKey: Uint8Array.from(publicKey ?? []), peers: keys };
}

function encodePeer(name: string, peer: readonly Attribute[]): Uint8Array {
  return encode(WG_CMD_SET_DEVICE, [
    [WGDEVICE_A_IFNAME, cstring(name)],
    nested(WGDEVICE_A_PEERS, [nested(0, peer)]),
  ]);
}

function encode(command: number, attributes: readonly Attribute[]): Uint8Array {
  return Buffer.concat([Uint8Array.of(command, VERSION, 0, 0), encodeAttributes(attributes)]);
}

/** struct sockaddr_in; ip(7). */
function socketAddress({ address, port }: WireguardPeer["endpoint"]): Uint8Array {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, AF_INET, true);
  view.setUint16(2, port);
  bytes.set(ipBytes(address), 4);
  return bytes;
}
