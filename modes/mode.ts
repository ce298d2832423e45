import type { Access } from "../system/state/access.ts";
import type { Service } from "./service.ts";

/** What the services of a mode depend on. */
export interface ModeSetting {
  /** "/dev/tty1", "/dev/ttyS0". */
  readonly consoles: readonly string[];
  /** Whether a shell asks for a password before it opens. */
  readonly locksShells: boolean;
  /** Absent where nobody may look in from outside. */
  readonly access?: Access;
}

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
  /** Whether VNC shows a desktop, unless it is turned off. */
  readonly hasDesktop: boolean;
  /** What runs, in the order it is started. */
  services(setting: ModeSetting): readonly Service[];
}

/** Checks a mode's type and keeps its literals. */
export function defineMode<const M extends Mode>(mode: M): M {
  return mode;
}
