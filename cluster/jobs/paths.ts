/** Where the daemon of jobs keeps its sockets, images and records. */

import { RUN_FOLDER } from "../../system/state/paths.ts";

const FOLDER = `${RUN_FOLDER}/jobs`;

export const JOB_PATHS = {
  folder: FOLDER,
  /** The UNIX socket of deputies: a deputy runs with the rights of its job. */
  deputies: `${FOLDER}/deputies`,
  /** The UNIX socket of supervisors, for root alone. */
  supervisors: `${FOLDER}/supervisors`,
  /** The UNIX socket of the commands migrate, mps and clump jobs, for all users. */
  commands: `${FOLDER}/commands`,
  /** The images of jobs that are on their way out: a folder for each job. */
  images: `${FOLDER}/images`,
  /** The images of jobs that are to be started again: a folder for each job. */
  kept: `${FOLDER}/kept`,
  /** The UNIX socket by which this node takes such a job, for root alone. */
  restarts: `${FOLDER}/restarts`,
  /** The images of guests: a folder for each job. */
  guests: `${FOLDER}/guests`,
  /** It is there once a daemon has run; clump-wake asks. */
  records: `${FOLDER}/records`,
  /** The records of jobs that are away, and of guests: a file for each. */
  awayRecords: `${FOLDER}/records/away`,
  guestRecords: `${FOLDER}/records/guests`,
  /** Pid and start of the injector. */
  injector: `${FOLDER}/injector`,
  /** What mosrun has wished: a file for each process. */
  wishes: `${FOLDER}/records/wishes`,
} as const;

/** The programs of moves in the image. */
export const JOB_PROGRAMS = {
  deputy: "/usr/lib/clump/deputy",
  supervisor: "/usr/lib/clump/clump-guest",
  gate: "/usr/lib/clump/clump-gate",
  /** Starts the daemon when moves are first used. */
  wake: "/usr/lib/clump/clump-wake",
} as const;

/** The mounted cgroup2; cgroups(7). */
export const CGROUP_FOLDER = "/sys/fs/cgroup";

/** The group of guests. */
export const GUESTS_GROUP = `${CGROUP_FOLDER}/clump-guests`;

/** TCP: orders, images and links between nodes. */
export const JOBS_PORT = 5434;
