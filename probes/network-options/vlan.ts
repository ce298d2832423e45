import { readDevice, readName, refuse, splitFields } from "./field.ts";

export interface VlanRequest {
  readonly name: string;
  /** 1 to 4094 (IEEE 802.1Q). */
  readonly id: number;
  /** Name, MAC or PCI address of the interface below it. */
  readonly parent: string;
}

/**
 * `vlan=<name>:<parent>`: any name that ends in the number of the VLAN, as the four styles of dracut.cmdline(7) do:
 * vlan0005, vlan5, eth0.0005, eth0.5. The latter two name their parent by themselves. @throws RangeError
 */
export function parseVlan(value: string): VlanRequest {
  const [name = "", parent = ""] = splitFields(value);
  const [, before = "", digits = ""] = /^(.*?)(\d+)$/.exec(readName("the name of the VLAN", name)) ?? [];
  const id = Number(digits);
  if (digits === "")
    refuse("the name of the VLAN", name, "one that ends in its number, like vlan5 or eth0.5, was");
  if (id < 1 || id > 4_094) refuse("the number of the VLAN", digits, "1 to 4094 was");
  const below = parent === "" && before.endsWith(".") ? before.slice(0, -1) : parent;
  if (below === name) refuse("the parent", below, "another interface than the VLAN itself was");
  return { name, id, parent: readDevice(below) };
}
