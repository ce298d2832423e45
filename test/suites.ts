/** The suites of `npm test`, in order: what is quick to fail comes first. */

export interface Suite {
  readonly name: string;
  /** A program with its arguments, as npm finds it; a suite without `folders` counts as one test. */
  readonly command: readonly string[];
  /** Where Bun's tests are. */
  readonly folders?: readonly string[];
  /** It leaves most of the processors to others: the image and its media are packed beside it. */
  readonly mostlyWaits?: true;
}

const BUN_TEST = ["bun", "test"];

/**
 * Unit tests use the processor and little else, on two processors at a time. Each worker keeps what it has loaded:
 * loading the program anew for each file costs a quarter of the whole time.
 */
const UNIT = ["--parallel=2", "--no-isolate", "--only-failures"];

/** Machines at a time: an emulated one wants a processor for itself. The longest files begin first. */
const MACHINES = ["--parallel=2", "--timings=test/timings.json"];

/** Files at a time where the tests mostly wait; the longest begin first. */
const WAITERS = ["--parallel=5", "--timings=test/timings.json"];

/**
 * What runs against the clock of a busy machine may miss a limit by chance: it is given two more attempts, which the
 * output names. What is broken fails them all.
 */
const ATTEMPTS = "--retry=2";

/** Milliseconds for tests that boot machines; every wait in them has a limit of its own below this. */
const MACHINE_TEST_LIMIT = "--timeout=600000";

export const SUITES: readonly Suite[] = [
  { name: "types", command: ["npm", "run", "--silent", "types"] },
  { name: "lint", command: ["npm", "run", "--silent", "lint"] },
  { name: "unit", command: [...BUN_TEST, ...UNIT, "--timeout=30000"], folders: ["test/unit"] },
  {
    name: "image",
    command: [...BUN_TEST, "--parallel=2", ATTEMPTS, "--timeout=600000"],
    folders: ["test/image"],
  },
  {
    name: "services",
    command: [...BUN_TEST, ...WAITERS, ATTEMPTS, "--timeout=120000"],
    folders: ["test/net", "test/cluster", "test/web"],
    mostlyWaits: true,
  },
  {
    name: "media",
    command: [...BUN_TEST, ...MACHINES, ATTEMPTS, MACHINE_TEST_LIMIT],
    folders: ["test/media"],
  },
  { name: "vm", command: [...BUN_TEST, ...MACHINES, ATTEMPTS, MACHINE_TEST_LIMIT], folders: ["test/vm"] },
];
