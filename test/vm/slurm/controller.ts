/** A real slurmctld in a Debian root of its own, on a node of the test: it knows nothing of the nodes. */

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { SLURM_IMAGE } from "../../../assets/archives/slurm.ts";
import { type CpioEntry, encodeCpio } from "../../../assets/build/cpio.ts";
import type { Vm } from "../../../assets/qemu/vm.ts";
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
  "ProctrackType=proctrack/pgid",
  "TaskPlugin=task/none",
  "ReturnToService=2",
  "StateSaveLocation=/var/lib/slurmctld",
  "SlurmdSpoolDir=/var/lib/slurm/slurmd",
  // A job that is queued again begins so many seconds later, 120 by default.
  "AuthInfo=cred_expire=10",
  "PartitionName=all Nodes=ALL Default=YES State=UP",
];

/** The image with slurm.img behind it, for a node of Slurm, and with a controller behind that. */
export async function slurmInitrd(holds: { readonly controller: boolean }): Promise<PatchedInitrd> {
  const slurm = readFileSync(join(dirname(imageFiles().initrd), SLURM_IMAGE));
  return appendArchives([slurm, ...(holds.controller ? [encodeCpio(await controllerPrograms())] : [])]);
}

/** Debian's packages for an archive behind the image. */
async function controllerPrograms(): Promise<CpioEntry[]> {
  const slurm = ["slurmctld", "slurm-client", "slurm-wlm-basic-plugins", "munge", "libmunge2"];
  return await packPrograms("controller", [...slurm, "busybox-static", "libc6", "libgcc-s1"]);
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
  "cp /etc/hosts /etc/nsswitch.conf etc/",
  "printf 'root:x:0:0::/:/bin/sh\\nslurm:x:64030:64030::/:/bin/false\\n' >etc/passwd",
  "printf 'root:x:0:\\nslurm:x:64030:\\n' >etc/group",
  "(umask 077; clump slurm key >etc/munge/munge.key)",
  `printf '${CONFIGURATION.join("\\n")}\\n' >etc/slurm/slurm.conf`,
  "mount -o bind /dev dev && mount -t proc proc proc",
].join(" && ");

/** Starts munged and slurmctld on a node that was booted with `controllerPrograms()`. */
export async function startController(vm: Vm): Promise<void> {
  await output(vm, `modprobe overlay; mkdir -p /tmp/upper /tmp/work; ${LAY_OUT}`);
  await output(vm, `(${FILL})`);
  await output(vm, `chroot ${ROOT} /usr/sbin/munged --force`);
  await output(vm, `chroot ${ROOT} /usr/sbin/slurmctld-wlm -D >/tmp/slurmctld.log 2>&1 & true`);
}
