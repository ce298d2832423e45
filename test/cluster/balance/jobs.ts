/** The jobs of the simulation of the balance. */

export interface Job {
  readonly pid: number;
  readonly home: number;
  readonly came: number;
  /** Processor seconds. */
  readonly length: number;
  /** Bytes. */
  readonly memory: number;
  done: number;
  moves: number;
  /** The job is frozen until then. */
  frozenUntil: number;
}

const UTILIZATION = 0.7;
const [SHORTEST, LONGEST, SHAPE] = [0.5, 500, 1.1];
const [SMALLEST, LARGEST] = [2 ** 20, 2 ** 28];

/** The jobs that come to the first `homes` of so many nodes in so many seconds. */
export function drawJobs(
  { nodes, homes, seconds }: { readonly nodes: number; readonly homes: number; readonly seconds: number },
  random: () => number,
): Job[] {
  const tail = (SHORTEST / LONGEST) ** SHAPE;
  const length = () => SHORTEST / (1 - random() * (1 - tail)) ** (1 / SHAPE);
  const mean =
    ((SHAPE * SHORTEST ** SHAPE) / (1 - tail) / (SHAPE - 1)) *
    (SHORTEST ** (1 - SHAPE) - LONGEST ** (1 - SHAPE));
  const rate = (UTILIZATION * nodes) / mean;
  const jobs: Job[] = [];
  for (let at = 0; at < seconds; at += -Math.log(1 - random()) / rate)
    jobs.push({
      ...{ pid: jobs.length + 2, home: Math.floor(random() * homes), came: at, length: length() },
      memory: SMALLEST * (LARGEST / SMALLEST) ** random(),
      ...{ done: 0, moves: 0, frozenUntil: 0 },
    });
  return jobs;
}
