import { networkOf } from "../../system/address/ipv4.ts";
import { type Ip, readDevice, readIp, readMask, refuse, splitFields } from "./field.ts";

export interface RouteRequest {
  readonly family: 4 | 6;
  readonly destination: string;
  readonly prefix: number;
  readonly gateway?: string;
  /** Name, MAC or PCI address; absent where the gateway tells. */
  readonly device?: string;
}

/** `rd.route=<net>/<mask>:<gateway>[:<interface>]` of dracut.cmdline(7); the gateway may be empty. @throws RangeError */
export function parseRoute(value: string): RouteRequest {
  const [net = "", gateway = "", device = ""] = splitFields(value);
  const target = readTarget(net);
  const through = gateway === "" ? undefined : readIp("the gateway", gateway);
  if (through === undefined && device === "") refuse("the gateway", "", "an address or an interface was");
  if (through && through.family !== target.family)
    refuse("the gateway", gateway, `an IPv${target.family} address was`);
  return {
    ...target,
    ...(through && { gateway: through.address }),
    ...(device !== "" && { device: readDevice(device) }),
  };
}

function readTarget(net: string): Pick<RouteRequest, "family" | "destination" | "prefix"> {
  const [, address = net, mask] = /^([\d.]+)\/([\d.]+)$/.exec(net) ?? [];
  const ip = readIp("the network", address);
  // The default route alone has no bits: 0.0.0.0/0.
  const isDefault = ip.prefix === 0 || mask === "0" || mask === "0.0.0.0";
  const prefix = isDefault ? 0 : mask === undefined ? (ip.prefix ?? hostBits(ip)) : readMask(mask, ip);
  const destination = ip.family === 4 ? networkOf(ip.address, prefix) : ip.address;
  return { family: ip.family, destination, prefix };
}

/** An address without a prefix is a host: classes of addresses are history for all but `ip=`. */
function hostBits({ family }: Ip): number {
  return family === 4 ? 32 : 128;
}
