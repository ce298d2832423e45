/** Events of a node's boot, read from dnsmasq's log and from HTTP requests. */

export type BootEvent =
  /** Our DHCP server acknowledged a lease. */
  | { readonly kind: "lease"; readonly mac: string; readonly ip: string }
  /** A firmware asked for a boot server (PXE). */
  | { readonly kind: "firmware"; readonly mac: string }
  | { readonly kind: "file"; readonly ip: string; readonly path: string };

/** Parses one line of dnsmasq's log; undefined for a line without an event, as most are. */
export function readLogLine(line: string, folder: string): BootEvent | undefined {
  const lease = /DHCPACK\(\S+\) (\d+\.\S+) ((?:[0-9a-f]{2}:){5}[0-9a-f]{2})/.exec(line);
  if (lease) return { kind: "lease", ip: lease[1]!, mac: lease[2]! };
  const firmware = / PXE\(\S+\) (?:\d+\.\S+ )?((?:[0-9a-f]{2}:){5}[0-9a-f]{2}) /.exec(line);
  if (firmware) return { kind: "firmware", mac: firmware[1]! };
  const sent = / sent (\S+) to (\d+\.\d+\.\d+\.\d+)$/.exec(line);
  const [, path = "", ip = ""] = sent ?? [];
  return path.startsWith(`${folder}/`) ? { kind: "file", ip, path: path.slice(folder.length) } : undefined;
}

/** The MAC address of a neighbour from the text of /proc/net/arp; proc_net(5). */
export function findNeighbour(arp: string, ip: string): string | undefined {
  const fields = arp.split("\n").map((line) => line.split(/\s+/));
  const mac = fields.find(([address]) => address === ip)?.[3];
  return mac === "00:00:00:00:00:00" ? undefined : mac;
}
