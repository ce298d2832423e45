/** A real slurmctld and an NFS server in a Debian root of their own, on a node of the test: they know nothing of the nodes. */

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type CpioEntry, encodeCpio } from "../../../assets/build/cpio.ts";
import type { Vm } from "../../../assets/qemu/vm.ts";
import { SLURM_IMAGE } from "../../../modes/serve/slurm-files.ts";
import { packPrograms } from "../../lib/home-programs.ts";
import { imageFiles } from "../../lib/node.ts";
import { appendArchives, type PatchedInitrd } from "../../lib/patched-initrd.ts";
import { output } from "../../lib/shell.ts";

const ROOT = "/root/controller";

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
];

/** The image with slurm.img behind it, for a node of Slurm, and with a controller behind that. */
export async function slurmInitrd(holds: { readonly controller: boolean }): Promise<PatchedInitrd> {
  const slurm = readFileSync(join(dirname(imageFiles().initrd), SLURM_IMAGE));
  return appendArchives([slurm, ...(holds.controller ? [encodeCpio(await controllerPrograms())] : [])]);
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

/** Debian's packages for an archive behind the image. */
async function controllerPrograms(): Promise<CpioEntry[]> {
  const slurm = ["slurmctld", "slurm-client", "slurm-wlm-basic-plugins", "munge", "libmunge2"];
  const nfs = ["nfs-ganesha", "nfs-ganesha-mem"];
  const programs = [...slurm, ...nfs, "busybox-static", "libc6", "libgcc-s1"];
  return [
    ...(await packPrograms("controller", programs)),
    textFile("srv/slurm.conf", CONFIGURATION),
    textFile("srv/ganesha.conf", GANESHA),
    textFile("srv/netconfig", NETCONFIG),
  ];
}

function textFile(path: string, lines: readonly string[]): CpioEntry {
  return { path, type: "file", mode: 0o644, bytes: Buffer.from(`${lines.join("\n")}\n`) };
}

const LAY_OUT = [
  `mkdir -p ${ROOT}`,
  `mount -t squashfs -o loop,ro /srv/controller.squashfs ${ROOT}`,
  `mount -t overlay -o lowerdir=${ROOT},upperdir=/tmp/upper,workdir=/tmp/work controller ${ROOT}`,
].join(" && ");

const FILL = [
  `cd ${ROOT}`,
  "mkdir -p etc/slurm etc/munge var/lib/munge var/lib/slurmctld var/log/munge run/munge tmp dev proc",
  "chmod 700 etc/munge var/lib/munge var/log/munge",
  "chown 64030:64030 var/lib/slurmctld",
  "mkdir -p run/ganesha var/run/ganesha var/lib/nfs/ganesha",
  "cp /etc/hosts /etc/nsswitch.conf etc/",
  "printf 'root:x:0:0::/:/bin/sh\\nslurm:x:64030:64030::/:/bin/false\\n' >etc/passwd",
  "grep ^alice: /etc/passwd >>etc/passwd",
  "printf 'root:x:0:\\nslurm:x:64030:\\n' >etc/group",
  "(umask 077; clump slurm key >etc/munge/munge.key)",
  "cp /srv/slurm.conf etc/slurm/ && cp /srv/ganesha.conf /srv/netconfig etc/",
  "mount -o bind /dev dev && mount -t proc proc proc",
].join(" && ");

/** Lays the root out on a node that holds it, and starts the NFS server. */
export async function startFileServer(vm: Vm): Promise<void> {
  await output(vm, `modprobe overlay; mkdir -p /tmp/upper /tmp/work; ${LAY_OUT}`);
  await output(vm, `(${FILL})`);
  await output(vm, `chroot ${ROOT} /usr/bin/ganesha.nfsd -f /etc/ganesha.conf -L /tmp/ganesha.log`);
}

/** Starts munged and slurmctld there. */
export async function startController(vm: Vm): Promise<void> {
  await output(vm, `chroot ${ROOT} /usr/sbin/munged --force`);
  await output(vm, `chroot ${ROOT} /usr/sbin/slurmctld-wlm -D >/tmp/slurmctld.log 2>&1 & true`);
}
