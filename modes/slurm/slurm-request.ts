/** The option `clump.slurm`. */

/** Runs munged and slurmd in the foreground; assets/rootfs/slurm.sh. */
export const SLURM_NODE = "/usr/lib/clump/slurm-node";

export interface SlurmRequest {
  /**
   * The slurmctld, and its backups behind commas, as slurmd's --conf-server takes them: "10.0.0.1:6817"; "" for those of the
   * DNS record _slurmctld._tcp of the node's domain.
   */
  readonly controllers: string;
  /** What becomes of its jobs when the node shuts down. */
  readonly leave: SlurmLeave;
}

/** Slurm starts the jobs of a node that shuts down again elsewhere, or the node waits until they have ended. */
export const SLURM_LEAVES = ["requeue", "wait"] as const;
export type SlurmLeave = (typeof SLURM_LEAVES)[number];
/** Holds the same, while this node is in a Slurm cluster; slurm.sh writes it. */
export const SLURM_LEAVE_PATH = "/run/slurm/leave";

/** What Slurm makes of this node, one line; slurm.sh writes it. */
export const SLURM_STATE_PATH = "/run/slurm/state";

/** What slurm.sh asks process 1 for, which is quicker than a program of its own: the munge key, and the features of the node. */
export const SLURM_KEY_PATH = "/run/slurm/munge.key";
export const SLURM_FEATURES_PATH = "/run/slurm/features";

export function isSlurmLeave(text: string): text is SlurmLeave {
  return SLURM_LEAVES.some((leave) => leave === text);
}

export const SLURM_WANTED =
  "the controller of a Slurm cluster as ctl.example.org or 10.0.0.1:6817, or nothing for that of DNS";

const CONTROLLER = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/i;

/** Parses the value of `clump.slurm`; undefined for a value that names no controller. */
export function parseControllers(value: string): string | undefined {
  return value === "" || value.split(",").every((name) => CONTROLLER.test(name)) ? value : undefined;
}
