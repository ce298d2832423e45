/** The real `Network`: rtnetlink(7) requests and events. */

import { closeSync } from "node:fs";
import type { Link, LinkEvent, Network } from "./kernel.ts";
import { call, syscallError } from "./libc.ts";
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
  encodeMessage,
  type NetlinkMessage,
  NLM_F_ACK,
  NLM_F_CREATE,
  NLM_F_DUMP,
  NLM_F_EXCL,
  NLM_F_REPLACE,
  NLM_F_REQUEST,
  NLMSG_DONE,
  NLMSG_ERROR,
} from "./netlink.ts";
import { openNetlinkSocket } from "./netlink-socket.ts";
import {
  encodeAddress,
  encodeRoute,
  RTM_DELADDR,
  RTM_DELROUTE,
  RTM_NEWADDR,
  RTM_NEWROUTE,
} from "./rtnetlink.ts";
import { readSocket } from "./socket.ts";

const NETLINK_ROUTE = 0;
const ANSWER_BYTES = 64 * 1024;

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

/** Sends one request; rtnetlink works it off within send(2), so that the whole answer can be read at once. */
function request(doing: string, type: number, flags: number, body: Uint8Array): NetlinkMessage[] {
  const fd = openNetlinkSocket(NETLINK_ROUTE);
  try {
    const message = encodeMessage({ type, flags: NLM_F_REQUEST | flags, sequence: 1, body });
    call("sendto", doing, fd, message, message.length, 0, undefined, 0);
    return readAnswer(fd, doing);
  } finally {
    closeSync(fd);
  }
}

/** Reads up to the acknowledgement or the end of a dump. @throws SyscallError where the kernel refused */
function readAnswer(fd: number, doing: string): NetlinkMessage[] {
  const answers: NetlinkMessage[] = [];
  for (;;) {
    const buffer = new Uint8Array(ANSWER_BYTES);
    const length = call("recv", doing, fd, buffer, buffer.length, 0);
    for (const message of decodeMessages(buffer.subarray(0, length))) {
      if (message.type === NLMSG_DONE) return answers;
      if (message.type !== NLMSG_ERROR) answers.push(message);
      else if (throwRefusal(message, doing)) return answers;
    }
  }
}

/** An acknowledgement is an error message that says 0; netlink(7), struct nlmsgerr. */
function throwRefusal({ body }: NetlinkMessage, doing: string): true {
  const errno = -new DataView(body.buffer, body.byteOffset).getInt32(0, true);
  if (errno !== 0) throw syscallError("rtnetlink", doing, errno);
  return true;
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
