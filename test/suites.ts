/** The suites of `npm test`, in order: the suites that fail soonest come first. */

export interface Suite {
  readonly name: string;
  /** A program with its arguments, as npm finds it; a suite without `folders` counts as one test. */
  readonly command: readonly string[];
  /** Folders of tests for `bun test`. */
  readonly folders?: readonly string[];
  /** The suite leaves most of the processors idle: the image and its media are packed beside it. */
  readonly mostlyWaits?: true;
  /** The suite runs while that suite does, where both are to run. */
  readonly beside?: string;
}

const BUN_TEST = ["bun", "test"];

/**
 * Unit tests use the processor and little else, on two processors at a time. Each worker keeps what it has loaded:
 * loading the program anew for each file costs a quarter of the whole time.
 */
const UNIT = ["--parallel=2", "--no-isolate", "--only-failures"];

/**
 * Emulated machines at a time: each wants a processor for itself. The file with the highest number begins first. In test/vm
 * and test/media the numbers are an order and no durations: beside a file with three nodes run files with fewer.
 */
const MACHINES = ["--parallel=2", "--timings=test/timings.json"];

/** Files at a time where the tests mostly wait. The longest files begin first. */
const WAITERS = ["--parallel=5", "--timings=test/timings.json"];

/**
 * Emulated nodes that share two processors may miss a limit by chance: such a test gets a second attempt, and the output
 * names it. A fault fails both.
 */
const ATTEMPTS = "--retry=1";

/**
 * Milliseconds for tests that boot machines; every wait in them has a limit of its own below this, but for the turn of a
 * cluster: oneCluster().
 */
const MACHINE_TEST_LIMIT = "--timeout=1500000";

export const SUITES: readonly Suite[] = [
  { name: "types", command: ["npm", "run", "--silent", "types"] },
  { name: "lint", command: ["npm", "run", "--silent", "lint"] },
  { name: "unit", command: [...BUN_TEST, ...UNIT, "--timeout=30000"], folders: ["test/unit"] },
  {
    name: "image",
    command: [...BUN_TEST, "--parallel=2", "--timeout=600000"],
    folders: ["test/image"],
  },
  {
    // Before the image is packed: these nodes share the processors out among themselves.
    name: "labs",
    command: [...BUN_TEST, "--timeout=120000"],
    folders: ["test/labs/cluster"],
  },
  {
    name: "services",
    command: [...BUN_TEST, ...WAITERS, "--timeout=120000"],
    folders: [
      "test/net",
      "test/cluster",
      "test/web",
      "test/jobs",
      "test/labs/cases",
      "test/labs/moves",
      "test/labs/steps",
    ],
    mostlyWaits: true,
  },
  {
    name: "vm",
    command: [...BUN_TEST, ...MACHINES, ATTEMPTS, MACHINE_TEST_LIMIT],
    folders: ["test/vm", "test/media"],
  },
  {
    // Daemons of moves take precedence of other programs: with pauses they leave the machines enough.
    name: "soak",
    command: ["nice", "bun", "test/soak.ts", "--minutes", "10", "--pause", "3"],
    beside: "vm",
  },
];

/** The suites of these names, in the order of `SUITES`; all suites without a name. @throws RangeError */
export function chooseSuites(names: readonly string[]): readonly Suite[] {
  const unknown = names.find((name) => !SUITES.some((suite) => suite.name === name));
  if (unknown === undefined) return SUITES.filter(({ name }) => names.length === 0 || names.includes(name));
  const known = SUITES.map(({ name }) => name).join(", ");
  throw new RangeError(`Cannot run ${unknown}: there is no such suite, and one of ${known} was wanted`);
}
