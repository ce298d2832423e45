/** The option `clump.slurm`. */

/** Runs munged and slurmd in the foreground; assets/rootfs/slurm.sh. */
export const SLURM_NODE = "/usr/lib/clump/slurm-node";

export interface SlurmRequest {
  /** The slurmctld, and its backups behind commas, as slurmd's --conf-server takes them: "10.0.0.1:6817". */
  readonly controllers: string;
}

export const SLURM_WANTED = "the controller of a Slurm cluster as ctl.example.org or 10.0.0.1:6817";

const CONTROLLER = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/i;

/** Parses the value of `clump.slurm`; undefined for a value that names no controller. */
export function parseSlurmRequest(value: string): SlurmRequest | undefined {
  return value.split(",").every((name) => CONTROLLER.test(name)) ? { controllers: value } : undefined;
}
