/** A real slurmctld and an NFS server in a Debian root of their own, on a node of the test: they know nothing of the nodes. */

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type CpioEntry, encodeCpio } from "../../../assets/build/cpio.ts";
import type { Vm } from "../../../assets/qemu/vm.ts";
import { SLURM_IMAGE } from "../../../modes/serve/slurm-files.ts";
import { secondsUntil } from "../../lib/cluster.ts";
import { packPrograms } from "../../lib/home-programs.ts";
import { imageFiles } from "../../lib/node.ts";
import { appendArchives, type PatchedInitrd } from "../../lib/patched-initrd.ts";
import { output } from "../../lib/shell.ts";

/** A slurmctld of Debian 12, the release of slurm.img, and one that is too new for its slurmd: that of Debian 13. */
export type Release = "controller" | "newer";

const rootOf = (release: Release) => `/root/${release}`;

/** As docs/slurm.md has it; the controller is at 192.168.7.1. */
const CONFIGURATION = [
  "ClusterName=room",
  "SlurmctldHost=node1(192.168.7.1)",
  "SlurmUser=slurm",
  "SlurmctldParameters=enable_configless,cloud_reg_addrs",
  "MaxNodeCount=64",
  "SelectType=select/cons_tres",
  "SelectTypeParameters=CR_Core",
  "ProctrackType=proctrack/pgid",
  "TaskPlugin=task/none",
  "ReturnToService=2",
  "StateSaveLocation=/var/lib/slurmctld",
  "SlurmdSpoolDir=/var/lib/slurm/slurmd",
  "PartitionName=all Nodes=ALL Default=YES State=UP",
  // Beside the lines of the document: what Slurm waits minutes for is to take seconds.
  "AuthInfo=cred_expire=5",
  "KillWait=10",
  "SchedulerParameters=bf_interval=5,sched_interval=5",
];

/** What lies behind the image for a node: slurm.img, and what else. */
export async function slurmInitrd(more: readonly CpioEntry[] = []): Promise<PatchedInitrd> {
  const slurm = readFileSync(join(dirname(imageFiles().initrd), SLURM_IMAGE));
  return appendArchives([slurm, ...(more.length > 0 ? [encodeCpio(more)] : [])]);
}

const CONTROLLER = ["slurmctld", "slurm-client", "slurm-wlm-basic-plugins", "munge", "libmunge2"];
const SYSTEM = ["busybox-static", "libc6", "libgcc-s1"];

/** Debian's packages of a controller, for an archive behind the image. */
export async function controllerPrograms(): Promise<CpioEntry[]> {
  return [
    ...(await packPrograms("controller", [...CONTROLLER, ...SYSTEM])),
    // A node that dies is down soon.
    textFile("srv/slurm.conf", [...CONFIGURATION, "SlurmdTimeout=15"]),
  ];
}

/** The same of the next Debian, to go with them. */
export async function newerPrograms(): Promise<CpioEntry[]> {
  return await packPrograms("newer", [...CONTROLLER, ...SYSTEM], "trixie");
}

/** /home in the memory of the server, by NFS 4 alone: ganesha-core-config(8). */
const GANESHA = [
  "NFS_CORE_PARAM { Protocols = 4; Enable_NLM = false; Enable_RQUOTA = false; }",
  "MEM { Inode_Size = 4096; }",
  "NFSV4 { Graceless = true; RecoveryBackend = fs; }",
  "EXPORT { Export_Id = 1; Path = /home; Pseudo = /home; Access_Type = RW; Squash = none; SecType = sys; FSAL { Name = MEM; } }",
];
/** As libtirpc-common has it. */
const NETCONFIG = ["udp tpi_clts v inet udp - -", "tcp tpi_cots_ord v inet tcp - -"];

/** The same with an NFS server. */
export async function fileServerPrograms(): Promise<CpioEntry[]> {
  const nfs = ["nfs-ganesha", "nfs-ganesha-mem"];
  return [
    ...(await packPrograms("controller", [...CONTROLLER, ...nfs, ...SYSTEM])),
    textFile("srv/slurm.conf", CONFIGURATION),
    textFile("srv/ganesha.conf", GANESHA),
    textFile("srv/netconfig", NETCONFIG),
  ];
}

function textFile(path: string, lines: readonly string[]): CpioEntry {
  return { path, type: "file", mode: 0o644, bytes: Buffer.from(`${lines.join("\n")}\n`) };
}

function layOut(release: Release): string {
  const root = rootOf(release);
  const changes = `/tmp/${release}`;
  return [
    `modprobe overlay; mkdir -p ${root} ${changes}/upper ${changes}/work`,
    `mount -t squashfs -o loop,ro /srv/${release}.squashfs ${root}`,
    `mount -t overlay -o lowerdir=${root},upperdir=${changes}/upper,workdir=${changes}/work ${release} ${root}`,
  ].join(" && ");
}

const FILL = [
  "mkdir -p etc/slurm etc/munge var/lib/munge var/lib/slurmctld var/log/munge run/munge tmp dev proc",
  "chmod 700 etc/munge var/lib/munge var/log/munge",
  "chown 64030:64030 var/lib/slurmctld",
  "cp /etc/hosts /etc/nsswitch.conf etc/",
  "printf 'root:x:0:0::/:/bin/sh\\nslurm:x:64030:64030::/:/bin/false\\n' >etc/passwd",
  "(grep ^alice: /etc/passwd >>etc/passwd || true)",
  "printf 'root:x:0:\\nslurm:x:64030:\\n' >etc/group",
  // The key of the boot medium, or the one that follows from that of the cluster.
  "(umask 077; cat /etc/munge.key >etc/munge/munge.key 2>/dev/null || clump slurm key >etc/munge/munge.key)",
  "cp /srv/slurm.conf etc/slurm/",
  "mount -o bind /dev dev && mount -t proc proc proc",
  // Debian 13 has these folders in /usr alone. A slurmctld asks whether its name is slurmctld.
  "([ -e lib64 ] || ln -s usr/lib64 usr/lib usr/bin usr/sbin .)",
  "ln -s slurmctld-wlm usr/sbin/slurmctld",
].join(" && ");

/** Lays the root out on a node that holds it. */
export async function layOutController(vm: Vm, release: Release = "controller"): Promise<void> {
  await output(vm, layOut(release));
  await output(vm, `(cd ${rootOf(release)} && ${FILL})`);
}

/** Starts the NFS server there. */
export async function startFileServer(vm: Vm): Promise<void> {
  const root = rootOf("controller");
  const folders = `mkdir -p ${root}/run/ganesha ${root}/var/run/ganesha ${root}/var/lib/nfs/ganesha`;
  await output(vm, `${folders} && cp /srv/ganesha.conf /srv/netconfig ${root}/etc/`);
  await output(vm, `chroot ${root} /usr/bin/ganesha.nfsd -f /etc/ganesha.conf -L /tmp/ganesha.log`);
}

/** Starts munged and slurmctld there. */
export async function startController(vm: Vm, release: Release = "controller"): Promise<void> {
  const root = rootOf(release);
  await output(vm, `chroot ${root} /usr/sbin/munged --force`);
  await output(vm, `chroot ${root} /usr/sbin/slurmctld -D >/tmp/${release}.log 2>&1 & true`);
}

/** Ends slurmctld; a node hears no more of it. */
export async function stopController(vm: Vm): Promise<void> {
  await output(vm, "kill $(pidof slurmctld)");
  await secondsUntil(vm, "pidof slurmctld || echo none", /^none$/m, 30);
}
