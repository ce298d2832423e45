import { type Parsed, PartReader, readDevice, readName, refuse, splitFields } from "./field.ts";

export interface BridgeRequest {
  readonly name: string;
  /** Its ports, by name, MAC or PCI address. */
  readonly members: readonly string[];
}

/**
 * `bridge=<name>:<ports>` of dracut.cmdline(7), by default br0 of eth0. A port that cannot be read costs that port.
 * @throws RangeError where no port is left
 */
export function parseBridge(value: string): Parsed<BridgeRequest> {
  const [given = "", ports = ""] = splitFields(value);
  const name = readName("the name of the bridge", given || "br0");
  const reader = new PartReader();
  const members = reader.someItems((ports || "eth0").split(","), (port) =>
    port === name ? refuse("a port", name, "another interface than the bridge itself was") : readDevice(port),
  );
  return { request: { name, members }, complaints: reader.complaints };
}
