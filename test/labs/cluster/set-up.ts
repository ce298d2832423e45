/** How a node of the lab is made within its namespaces. */

import type { NodeStatus } from "../../../system/state/node-status.ts";
import { CLUMP } from "../../jobs/checkout.ts";
import { PROGRAM_NAMES } from "../../jobs/trial/lab-node.ts";

const addressOf = (node: number) => `10.83.0.${node}`;

/** A guest has /usr of its node, and everything else from its home. */
export const CRIU_PLACE = "/usr/lib/clump/criu";
/** Where programs that serve a node are: none of them moves. */
const BUN = "/usr/lib/clump/bun";
/** This program, as a checkout runs it. */
export const PROGRAM = [BUN, ...CLUMP.slice(1)];

/** Shell for a node with that number: its first argument is the program of deputies, its second the folder of the lab. */
export function setUp(node: number): string {
  return `set -e; mount --make-rprivate /; ip link set lo up; ip link set eth0 up
ip address add ${addressOf(node)}/24 dev eth0
cp -a /etc "$1/etc.${node}"; mount --bind "$1/etc.${node}" /etc
echo "1 ${addressOf(1)} 254" >/etc/mosix.map
mkdir -p /usr/lib/clump; mount -t tmpfs run /run; mkdir /run/clump; mount -t tmpfs lib /usr/lib/clump
echo ${node} >/run/clump/node; echo lab >/usr/lib/clump/image
mount -t tmpfs none /sys/fs/cgroup; umount /sys/fs/cgroup; mount -t cgroup2 none /sys/fs/cgroup
mkdir ${CRIU_PLACE}; mount --bind "$1/criu" ${CRIU_PLACE}
touch ${BUN}; mount --bind ${process.execPath} ${BUN}
for name in ${PROGRAM_NAMES.join(" ")}; do cp "$0" /usr/lib/clump/$name; chmod 755 /usr/lib/clump/$name; done`;
}

/** What process 1 would tell of that node. */
export function statusOf(node: number): NodeStatus {
  return {
    ...{ version: "7", hostname: `node${node}`, mode: "Expert", problems: [], warnings: [] },
    nics: [{ name: "eth0", mac: "", device: "", carrier: true, dhcp: "" }],
    ...{ address: addressOf(node), prefix: 24, node, nic: "eth0" },
  };
}
