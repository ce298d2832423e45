/** Slurm's versions, as the header of each of its messages has them: slurm_protocol_common.h. */

/** Major versions in their order; the first speaks protocol 38 << 8, each other the next. */
const MAJORS = ["22.05", "23.02", "23.11", "24.05", "24.11", "25.05", "25.11"];
const FIRST_PROTOCOL = 38;

/** A slurmctld takes a slurmd that is two major versions older. */
const OLDER = 2;

/** "24.11" of 10752, or "of protocol 20480" where nobody has heard of it yet. */
export function nameVersion(protocol: number): string {
  return MAJORS[(protocol >> 8) - FIRST_PROTOCOL] ?? `of protocol ${protocol}`;
}

/** Versions of controllers that take a slurmd of "22.05.8": "22.05, 23.02, 23.11". */
export function fittingVersions(slurmd: string): string {
  const own = MAJORS.findIndex((major) => slurmd.startsWith(`${major}.`));
  return own < 0 ? `those of ${slurmd}` : MAJORS.slice(own, own + OLDER + 1).join(", ");
}
