/** The real `Network`: rtnetlink(7) requests and events. */

import type { Link, LinkEvent, Network } from "./kernel.ts";
import {
  decodeLink,
  encodeLink,
  encodeNewLink,
  RTM_DELLINK,
  RTM_GETLINK,
  RTM_NEWLINK,
  RTMGRP_LINK,
} from "./link-message.ts";
import { openPacketSocket } from "./linux-packet-socket.ts";
import {
  decodeMessages,
  type NetlinkMessage,
  NLM_F_ACK,
  NLM_F_CREATE,
  NLM_F_DUMP,
  NLM_F_EXCL,
  NLM_F_REPLACE,
} from "./netlink.ts";
import { NETLINK_ROUTE, netlinkRequest, openNetlinkSocket } from "./netlink-socket.ts";
import {
  encodeAddress,
  encodeRoute,
  RTM_DELADDR,
  RTM_DELROUTE,
  RTM_NEWADDR,
  RTM_NEWROUTE,
} from "./rtnetlink.ts";
import { readSocket } from "./socket.ts";

export const linuxNetwork: Network = {
  links: () => request("list the network interfaces", RTM_GETLINK, NLM_F_DUMP, encodeLink(0)).flatMap(linkOf),
  linkEvents,
  setLink(index, change) {
    request(`change interface ${index}`, RTM_NEWLINK, NLM_F_ACK, encodeLink(index, change));
  },
  addLink(link) {
    const flags = NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL;
    request(`make ${link.kind} ${link.name}`, RTM_NEWLINK, flags, encodeNewLink(link));
  },
  addAddress(index, added) {
    const flags = NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE;
    request(`add address ${added.address}/${added.prefix}`, RTM_NEWADDR, flags, encodeAddress(index, added));
  },
  removeAddress(index, removed) {
    const doing = `remove address ${removed.address}/${removed.prefix}`;
    request(doing, RTM_DELADDR, NLM_F_ACK, encodeAddress(index, removed));
  },
  addRoute(route) {
    const flags = NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE;
    request(`add the route to ${route.destination}/${route.prefix}`, RTM_NEWROUTE, flags, encodeRoute(route));
  },
  removeRoute(route) {
    const doing = `remove the route to ${route.destination}/${route.prefix}`;
    request(doing, RTM_DELROUTE, NLM_F_ACK, encodeRoute(route));
  },
  openPacketSocket,
};

function request(doing: string, type: number, flags: number, body: Uint8Array): NetlinkMessage[] {
  return netlinkRequest(NETLINK_ROUTE, doing, { type, flags, body });
}

function linkOf(message: NetlinkMessage): Link[] {
  const link = decodeLink(message.body);
  return link === undefined ? [] : [link];
}

async function* linkEvents(signal: AbortSignal): AsyncGenerator<LinkEvent> {
  const fd = openNetlinkSocket(NETLINK_ROUTE, { groups: RTMGRP_LINK, doing: "listen to interface changes" });
  for await (const bytes of readSocket(fd, signal)) {
    for (const message of decodeMessages(bytes)) {
      if (message.type !== RTM_NEWLINK && message.type !== RTM_DELLINK) continue;
      const kind = message.type === RTM_NEWLINK ? "changed" : "removed";
      for (const link of linkOf(message)) yield { kind, link };
    }
  }
}
