import type { Link } from "../../system/kernel/kernel.ts";
import type { Hardware } from "../network/nic.ts";

/** A link of the kernel that options may mean, and what is known of it beside. */
export interface KnownLink extends Pick<Hardware, "bus" | "place" | "names"> {
  readonly link: Link;
  /** Whether there is hardware under it. */
  readonly isAdapter: boolean;
  /** The hardware address with which it was found; a bond gives its members another one, and so may `ip=`. */
  readonly mac: string;
}
