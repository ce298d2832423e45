/** What makes a node one of a Slurm cluster, as data: slurmd(8), munged(8) which proves users to it, and Slurm's commands. */

import type { Archive } from "./archive.ts";

const COMMANDS = ["sacct", "salloc", "sattach", "sbatch", "sbcast", "scancel", "scontrol", "sinfo"];
const MORE_COMMANDS = ["sprio", "squeue", "srun", "sstat"];

/** Where Debian's Slurm looks for its plugins. */
const PLUGINS = "lib/x86_64-linux-gnu/slurm-wlm";

/**
 * The plugins of slurmd, slurmstepd and the commands, by their type. Those for Cray's machines, for Lua, and those that
 * slurmctld or slurmrestd alone load are left out.
 */
const PLUGIN_NAMES: Readonly<Record<string, readonly string[]>> = {
  accounting_storage: ["none", "slurmdbd"],
  acct_gather_energy: ["none", "rapl"],
  acct_gather_filesystem: ["none"],
  acct_gather_interconnect: ["none", "sysfs"],
  acct_gather_profile: ["none"],
  auth: ["munge"],
  cgroup: ["v1", "v2"],
  cli_filter: ["none", "user_defaults"],
  core_spec: ["none"],
  cred: ["munge"],
  ext_sensors: ["none"],
  gpu: ["generic"],
  gres: ["gpu", "mps", "nic", "shard"],
  hash: ["k12"],
  job_container: ["none", "tmpfs"],
  jobacct_gather: ["cgroup", "linux", "none"],
  launch: ["slurm"],
  mpi: ["none", "pmi2"],
  node_features: ["helpers"],
  power: ["none"],
  prep: ["script"],
  proctrack: ["cgroup", "linuxproc", "pgid"],
  route: ["default", "topology"],
  select: ["cons_res", "cons_tres", "linear"],
  serializer: ["json", "url_encoded"],
  switch: ["none"],
  task: ["affinity", "cgroup", "none"],
  topology: ["none", "tree"],
};

const PLUGIN_FILES = Object.entries(PLUGIN_NAMES).flatMap(([type, names]) =>
  names.map((name) => `${PLUGINS}/${type}_${name}.so`),
);

/** A node that is no node of Slurm is loaded without it. */
export const SLURM: Archive = {
  name: "slurm",
  packages: ["libgcc-s1", "munge", "slurm-client", "slurm-wlm-basic-plugins", "slurmd"],
  files: [
    // slurmd starts slurmstepd by this path, without the suffix of Debian's alternatives.
    { package: "slurmd", from: "sbin/slurmd-wlm", to: "usr/sbin/slurmd" },
    { package: "slurmd", from: "sbin/slurmstepd-wlm", to: "usr/sbin/slurmstepd" },
    ...[...COMMANDS, ...MORE_COMMANDS].map((name) => file("slurm-client", `bin/${name}`)),
    file("munge", "sbin/munged"),
    ...["munge", "unmunge"].map((name) => file("munge", `bin/${name}`)),
    ...[`${PLUGINS}/libslurmfull.so`, ...PLUGIN_FILES].map((path) => file("slurm-wlm-basic-plugins", path)),
    // The C library loads it when a thread is cancelled, as munged does at its end.
    file("libgcc-s1", "lib/x86_64-linux-gnu/libgcc_s.so.1"),
  ],
  ownFiles: {},
};

/** A file that lies in the system where it lies in the package. */
function file(name: string, path: string) {
  return { package: name, from: path, to: `usr/${path}` };
}
