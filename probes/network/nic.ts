import type { Link } from "../../init/kernel/kernel.ts";
import type { Lease } from "../dhcp/lease.ts";
import type { State } from "../dhcp/state.ts";

/** What is known of one interface. */
export interface Nic {
  readonly link: Link;
  /** The hardware under it: "0000:00:03.0 8086:100e e1000". */
  readonly device: string;
  /** What its DHCP client is at, for a person; or why there is none. */
  readonly text: string;
  /** State of its DHCP client in the words of RFC 2131. */
  readonly state: State["at"];
  /** Seconds since the kernel started at which it came into this state. */
  readonly since: number;
  readonly lease?: Lease;
  readonly leasedAt?: number;
}
