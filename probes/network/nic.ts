import { formatMac } from "../../system/address/mac.ts";
import { readOptional } from "../../system/files.ts";
import type { Link } from "../../system/kernel/kernel.ts";
import type { Lease } from "../dhcp/lease.ts";
import type { State } from "../dhcp/state.ts";
import { type Adapter, describeAdapter, findAdapter } from "../modules/adapter.ts";
import type { Bus } from "./choice.ts";
import { namesOf } from "./names.ts";

/** The hardware under an interface. */
export interface Hardware {
  /** "0000:00:03.0 8086:100e e1000", or "bond" and the like. */
  readonly device: string;
  readonly bus: Bus;
  /** Its place on its bus, and its hardware address. */
  readonly place: readonly string[];
  /** Every name by which a person may call it. */
  readonly names: readonly string[];
}

export type Idleness = "for now" | "for good";

/** The state of one interface. */
export interface Nic extends Hardware {
  readonly link: Link;
  /** The state of its DHCP client for a person, or the reason why it has no client. */
  readonly text: string;
  /** A possible cause, or a thing to check. */
  readonly hint?: string;
  /** State of its DHCP client in the words of RFC 2131. */
  readonly state: State["at"];
  /** When it entered this state, in seconds since the kernel started. */
  readonly since: number;
  readonly lease?: Lease;
  readonly leasedAt?: number;
  /** Hardware address of another machine that has its fixed address. */
  readonly conflict?: string;
  /** Set if the interface gets no IPv4 address, or none yet; `text` says why. */
  readonly idle?: Idleness;
}

/**
 * Network cards that the management controller of a server shows its own system on USB, from usb.ids: they
 * lead nowhere but to it. AMI, Dell iDRAC, IBM and Lenovo IMM, Insyde.
 */
const BMC_IDS = ["046b:ffb0", "413c:a102", "04b3:4010", "0b1f:03ee"];

export function findHardware(root: string, link: Link): Hardware {
  const adapter = findAdapter(root, link.name);
  return {
    device: adapter === undefined ? kindOf(root, link) : describeAdapter(adapter),
    bus: adapter === undefined ? "built in" : busOf(adapter),
    place: [adapter?.location ?? link.name, formatMac(link.address)],
    names: namesOf(root, link),
  };
}

/** Of an interface without hardware: "bond", "vlan"; Documentation/ABI/testing/sysfs-class-net. */
function kindOf(root: string, { name }: Link): string {
  return /^DEVTYPE=(.*)$/m.exec(readOptional(`${root}/sys/class/net/${name}/uevent`) ?? "")?.[1] ?? "";
}

function busOf({ isUsb, ids }: Adapter): Bus {
  if (!isUsb) return "built in";
  return BMC_IDS.includes(ids) ? "of the BMC" : "on USB";
}
