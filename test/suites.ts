/** The suites of `npm test`, in order: what is quick to fail comes first. */

export interface Suite {
  readonly name: string;
  /** A program with its arguments, as npm finds it; a suite without `folder` counts as one test. */
  readonly command: readonly string[];
  /** Where Bun's tests are. */
  readonly folder?: string;
}

const BUN_TEST = ["bun", "test"];

/** Machines at a time: an emulated one wants a processor for itself. */
const MACHINES = "--parallel=2";

/** Files at a time where the tests mostly wait. */
const WAITERS = "--parallel=4";

/**
 * What runs against the clock of a busy machine may miss a limit by chance: it is given a second attempt, which the
 * output names. What is broken fails both.
 */
const ATTEMPTS = "--retry=1";

/** Milliseconds for tests that boot machines; every wait in them has a limit of its own below this. */
const MACHINE_TEST_LIMIT = "--timeout=300000";

export const SUITES: readonly Suite[] = [
  { name: "types", command: ["npm", "run", "--silent", "types"] },
  { name: "lint", command: ["npm", "run", "--silent", "lint"] },
  { name: "unit", command: [...BUN_TEST, ATTEMPTS, "--timeout=30000"], folder: "test/unit" },
  { name: "image", command: [...BUN_TEST, ATTEMPTS, "--timeout=600000"], folder: "test/image" },
  { name: "net", command: [...BUN_TEST, WAITERS, ATTEMPTS, "--timeout=120000"], folder: "test/net" },
  { name: "cluster", command: [...BUN_TEST, ATTEMPTS, "--timeout=120000"], folder: "test/cluster" },
  { name: "web", command: [...BUN_TEST, ATTEMPTS, "--timeout=120000"], folder: "test/web" },
  { name: "media", command: [...BUN_TEST, MACHINES, ATTEMPTS, MACHINE_TEST_LIMIT], folder: "test/media" },
  { name: "vm", command: [...BUN_TEST, MACHINES, ATTEMPTS, MACHINE_TEST_LIMIT], folder: "test/vm" },
];
