import type { ServiceName } from "./services.ts";

/** One way to run a node, as data: what it needs of the boot, and what it runs once that is done. */
export interface Mode {
  readonly name: string;
  /** As the documents write it: "NoVNC". */
  readonly title: string;
  readonly summary: string;
  /** Whether devices are probed and the network and the map are set up; keyboards get their drivers always. */
  readonly configures: boolean;
  /** Whether a Shift key held at boot leads from this mode to Expert. */
  readonly yieldsToShift: boolean;
  /** What runs, in the order of its start, as far as the node's options switch it on. */
  readonly services: readonly ServiceName[];
}

/** Checks a mode's type and keeps its literals. */
export function defineMode<const M extends Mode>(mode: M): M {
  return mode;
}
