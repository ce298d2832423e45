import { closeSync } from "node:fs";
import { call, syscallError } from "./libc.ts";
import {
  decodeMessages,
  encodeMessage,
  type NetlinkMessage,
  NLM_F_REQUEST,
  NLMSG_DONE,
  NLMSG_ERROR,
} from "./netlink.ts";
import { AF_NETLINK, openSocket, SOCK_RAW } from "./socket.ts";

export const NETLINK_ROUTE = 0;
export const NETLINK_GENERIC = 16;
const ANSWER_BYTES = 64 * 1024;

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

/**
 * Sends one request, and gives what the kernel answers. The kernel works off a request within send(2), so that the
 * whole answer can be read at once. @throws SyscallError where the kernel refuses
 */
export function netlinkRequest(
  protocol: number,
  doing: string,
  { type, flags, body }: Pick<NetlinkMessage, "type" | "flags" | "body">,
): NetlinkMessage[] {
  const fd = openNetlinkSocket(protocol);
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
  if (errno !== 0) throw syscallError("netlink", doing, errno);
  return true;
}

/** struct sockaddr_nl; netlink(7). */
function encodeNetlinkAddress(groups: number): Uint8Array {
  const bytes = new Uint8Array(12);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, AF_NETLINK, true);
  view.setUint32(8, groups, true);
  return bytes;
}
