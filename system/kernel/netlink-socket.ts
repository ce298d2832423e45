import { call } from "./libc.ts";
import { AF_NETLINK, openSocket, SOCK_RAW } from "./socket.ts";

/** What the kernel says unasked, in groups as a mask, and what is done by hearing it: "listen to device events". */
export interface Listening {
  readonly groups: number;
  readonly doing: string;
}

/** A socket of one of the protocols of netlink(7), for requests, or to listen. @throws SyscallError */
export function openNetlinkSocket(protocol: number, listening?: Listening): number {
  return openSocket({ family: AF_NETLINK, type: SOCK_RAW, protocol }, (fd) => {
    if (listening === undefined) return;
    const own = encodeNetlinkAddress(listening.groups);
    call("bind", listening.doing, fd, own, own.length);
  });
}

/** struct sockaddr_nl; netlink(7). */
function encodeNetlinkAddress(groups: number): Uint8Array {
  const bytes = new Uint8Array(12);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, AF_NETLINK, true);
  view.setUint32(8, groups, true);
  return bytes;
}
