import type { Children } from "./children.ts";
import type { Kernel } from "./kernel/kernel.ts";
import type { KernelLog } from "./log.ts";
import type { Step } from "./step.ts";

/** What the boot depends on from outside: passed by hand, so that a test can pass its own. */
export interface Machine {
  readonly kernel: Kernel;
  /** Prefix of every absolute path: "" on a real machine, a directory in a test. */
  readonly root: string;
  readonly children: Children;
  readonly log: KernelLog;
  readonly step: Step;
}
