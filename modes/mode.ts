import type { Service } from "./service.ts";

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
  /** What runs on these consoles ("/dev/tty1"), in the order it is started. */
  services(consoles: readonly string[]): readonly Service[];
}

/** Checks a mode's type and keeps its literals. */
export function defineMode<const M extends Mode>(mode: M): M {
  return mode;
}
