import { readDevice, readName, refuse, splitFields } from "./field.ts";

export interface BridgeRequest {
  readonly name: string;
  /** Its ports, by name, MAC or PCI address. */
  readonly members: readonly string[];
}

/** `bridge=<name>:<ports>` of dracut.cmdline(7), br0 of eth0 unless said otherwise. @throws RangeError */
export function parseBridge(value: string): BridgeRequest {
  const [given = "", ports = ""] = splitFields(value);
  const name = readName("the name of the bridge", given || "br0");
  const members = (ports || "eth0").split(",").map(readDevice);
  if (members.includes(name)) refuse("a port", name, "another interface than the bridge itself was");
  return { name, members };
}
