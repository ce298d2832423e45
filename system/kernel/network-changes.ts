/** That something of the machine's network has changed: rtnetlink(7), without what. */

import { NETLINK_ROUTE, openNetlinkSocket } from "./netlink-socket.ts";
import { readSocket } from "./socket.ts";

/** linux/rtnetlink.h: RTMGRP_LINK, RTMGRP_IPV4_IFADDR and RTMGRP_IPV4_ROUTE. */
const GROUPS = 0x1 | 0x10 | 0x40;

/** Yields after each change of links, IPv4 addresses and IPv4 routes, until the signal. @throws SyscallError */
export async function* networkChanges(signal: AbortSignal): AsyncGenerator<void> {
  const fd = openNetlinkSocket(NETLINK_ROUTE, { groups: GROUPS, doing: "listen to network changes" });
  for await (const _ of readSocket(fd, signal)) yield;
}
