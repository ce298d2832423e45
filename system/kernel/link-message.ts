/** Links as rtnetlink(7) messages; pure, numbers as in linux/rtnetlink.h and if_link.h. */

import { cstring, ipBytes, uint16, uint32 } from "./attribute-value.ts";
import type { Link, LinkChange, NewLink } from "./kernel.ts";
import { type Attribute, decodeAttributes, encodeAttributes } from "./netlink.ts";

export const RTM_NEWLINK = 16;
export const RTM_DELLINK = 17;
export const RTM_GETLINK = 18;
/** Multicast group of link changes, as a bit of sockaddr_nl. */
export const RTMGRP_LINK = 1;

const AF_UNSPEC = 0;
const IFF_UP = 0x1;
const IFF_LOWER_UP = 0x10000;
const IFLA_ADDRESS = 1;
const IFLA_IFNAME = 3;
const IFLA_MTU = 4;
const IFLA_LINK = 5;
const IFLA_MASTER = 10;
const IFLA_LINKINFO = 18;
const IFLA_INFO_KIND = 1;
const IFLA_INFO_DATA = 2;
const IFLA_VLAN_ID = 1;
const IFLA_BOND_NS_IP6_TARGET = 31;
const IFLA_BR_FORWARD_DELAY = 1;
const IFLA_BR_STP_STATE = 5;

/** struct ifinfomsg for a change, or for the request of all links when there is none. */
export function encodeLink(index: number, { up, mtu, name, address, master }: LinkChange = {}): Uint8Array {
  const head = new Uint8Array(16);
  const view = new DataView(head.buffer);
  view.setInt32(4, index, true);
  if (up !== undefined) {
    view.setUint32(8, up ? IFF_UP : 0, true);
    view.setUint32(12, IFF_UP, true);
  }
  const attributes: Attribute[] = [];
  if (address !== undefined) attributes.push([IFLA_ADDRESS, address]);
  if (name !== undefined) attributes.push([IFLA_IFNAME, cstring(name)]);
  if (mtu !== undefined) attributes.push([IFLA_MTU, uint32(mtu)]);
  if (master !== undefined) attributes.push([IFLA_MASTER, uint32(master)]);
  return Buffer.concat([head, encodeAttributes(attributes)]);
}

/** struct ifinfomsg for a link that is to be made, which the kernel finds the module of by its kind. */
export function encodeNewLink(link: NewLink): Uint8Array {
  const info: Attribute[] = [[IFLA_INFO_KIND, new TextEncoder().encode(link.kind)]];
  const attributes: Attribute[] = [[IFLA_IFNAME, cstring(link.name)]];
  if (link.kind === "vlan") {
    info.push([IFLA_INFO_DATA, encodeAttributes([[IFLA_VLAN_ID, uint16(link.id)]])]);
    attributes.push([IFLA_LINK, uint32(link.parent)]);
  }
  if (link.kind === "bond" && link.neighborTargets !== undefined) {
    const targets = link.neighborTargets.map((target, at) => [at, ipBytes(target)] as const);
    const settings = encodeAttributes([[IFLA_BOND_NS_IP6_TARGET, encodeAttributes(targets)]]);
    info.push([IFLA_INFO_DATA, settings]);
  }
  if (link.kind === "bridge") {
    const settings = [IFLA_BR_FORWARD_DELAY, IFLA_BR_STP_STATE].map((type) => [type, uint32(0)] as const);
    info.push([IFLA_INFO_DATA, encodeAttributes(settings)]);
  }
  attributes.push([IFLA_LINKINFO, encodeAttributes(info)]);
  return Buffer.concat([new Uint8Array(16), encodeAttributes(attributes)]);
}

/**
 * The link of an RTM_NEWLINK or RTM_DELLINK body, `undefined` where it is too short or has no name, or tells of a
 * bridge's port: of one that leaves its bridge RTM_DELLINK is said, and the link stays.
 */
export function decodeLink(body: Uint8Array): Link | undefined {
  if (body.length < 16 || body[0] !== AF_UNSPEC) return undefined;
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const flags = view.getUint32(8, true);
  const attributes = decodeAttributes(body.subarray(16));
  const name = attributes.get(IFLA_IFNAME);
  const number = (type: number): number => readUint32(attributes.get(type));
  if (name === undefined) return undefined;
  return {
    index: view.getInt32(4, true),
    name: new TextDecoder().decode(name).replace(/\0.*$/, ""),
    type: view.getUint16(2, true),
    address: Uint8Array.from(attributes.get(IFLA_ADDRESS) ?? []),
    up: (flags & IFF_UP) !== 0,
    carrier: (flags & IFF_LOWER_UP) !== 0,
    mtu: number(IFLA_MTU),
    ...(attributes.has(IFLA_MASTER) && { master: number(IFLA_MASTER) }),
  };
}

/** 0 where the attribute is absent, or is no such number. */
function readUint32(value: Uint8Array | undefined): number {
  return value?.length === 4 ? new DataView(value.buffer, value.byteOffset).getUint32(0, true) : 0;
}
