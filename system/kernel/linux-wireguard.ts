/** The real `Wireguard`: generic netlink requests to the kernel's module. */

import type { Wireguard } from "./kernel.ts";
import { type NetlinkMessage, NLM_F_ACK, NLM_F_CREATE, NLM_F_DUMP, NLM_F_EXCL } from "./netlink.ts";
import { NETLINK_GENERIC, NETLINK_ROUTE, netlinkRequest } from "./netlink-socket.ts";
import { encodeRootOnlyRule, RTM_NEWRULE } from "./rtnetlink.ts";
import { failedWith } from "./syscall-error.ts";
import {
  decodeDevice,
  decodeFamily,
  encodeDevice,
  encodeDeviceRequest,
  encodeFamilyRequest,
  encodeNewPeer,
  encodeOldPeer,
  GENL_ID_CTRL,
} from "./wireguard-message.ts";

export const linuxWireguard: Wireguard = {
  readWireguard(name) {
    const answers = request(`read the tunnel ${name}`, NLM_F_DUMP, encodeDeviceRequest(name));
    return decodeDevice(answers.map(({ body }) => body));
  },
  setUpWireguard(name, own) {
    request(`set up the tunnel ${name}`, NLM_F_ACK, encodeDevice(name, own));
  },
  addPeer(name, peer) {
    const doing = `add ${peer.endpoint.address} to the tunnel ${name}`;
    request(doing, NLM_F_ACK, encodeNewPeer(name, peer));
  },
  removePeer(name, publicKey) {
    request(`remove a peer of the tunnel ${name}`, NLM_F_ACK, encodeOldPeer(name, publicKey));
  },
  keepForRoot(network, prefix) {
    const flags = NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL;
    const body = encodeRootOnlyRule(network, prefix);
    try {
      netlinkRequest(NETLINK_ROUTE, `keep ${network}/${prefix} for root`, { type: RTM_NEWRULE, flags, body });
    } catch (error) {
      if (!failedWith(error, "EEXIST")) throw error;
    }
  },
};

/** The type of messages to the module differs from boot to boot. */
function request(doing: string, flags: number, body: Uint8Array): NetlinkMessage[] {
  const ask = { type: GENL_ID_CTRL, flags: NLM_F_ACK, body: encodeFamilyRequest("wireguard") };
  const answers = netlinkRequest(NETLINK_GENERIC, doing, ask);
  const type = answers.map((answer) => decodeFamily(answer.body)).find((id) => id !== undefined);
  if (type === undefined)
    throw new Error(`Cannot ${doing}: the kernel does not name the family of WireGuard`);
  return netlinkRequest(NETLINK_GENERIC, doing, { type, flags, body });
}
