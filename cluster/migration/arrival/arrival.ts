/** What takes guests on a node: its programs and folders, and who hears of each guest. */

import type { GuestOrder } from "../order.ts";

export interface Arrival {
  /** The folder of guests, on this node and as a guest's root has it. */
  readonly folder: string;
  readonly criu: string;
  /** The program of supervisors, and its name as criu's action script. */
  readonly guest: string;
  readonly gate: string;
  /** The socket of the daemon that supervisors speak to. */
  readonly socket: string;
  /** What becomes / for a guest of that order. */
  readonly rootFor: (order: GuestOrder) => Promise<string>;
  /** Folders of this node that a guest's root has too, where that is another: what its restoring needs. */
  readonly bound?: readonly string[];
  /** For how many milliseconds criu may have a guest that may run; default 30 s. */
  readonly patience?: number;
  /** The control group of guests; absent where guests are limited in nothing. */
  readonly group?: string;
  /** Called when the supervisor runs, before its guest may; again where the order has changed since. */
  readonly registered?: (order: GuestOrder, place: GuestPlace) => void;
  /** Called when all is restored, when the guest may run, and when it runs: from then on its images are of no use. */
  readonly reached?: (order: GuestOrder, stage: "waits" | "goes" | "runs") => void;
  /** Called with the reason where a guest that may run cannot be restored. */
  readonly lost?: (order: GuestOrder, reason: string) => void;
  /** Whether the guest may run, where its sender has hung up without a word or criu was killed; default never. */
  readonly mayRun?: (order: GuestOrder) => Promise<boolean>;
}

export interface GuestPlace {
  /** Its pid. */
  readonly supervisor: number;
  /** The guest's own folder, which outlives the images. */
  readonly folder: string;
}
