import { expect, test } from "bun:test";
import { type BootEvent, findNeighbour, readLogLine } from "../../../../modes/serve/boot-events.ts";
import { type BootLog, MOST_NODES, recordEvent } from "../../../../modes/serve/boot-log.ts";

const MAC = "52:54:00:12:34:56";
const IP = "10.9.0.58";
const AT = new Date(2026, 0, 2, 3, 4, 5);

/** Lines as dnsmasq 2.90 wrote them. */
test.each<[string, BootEvent | undefined]>([
  [`dnsmasq-dhcp: 2986 DHCPACK(lan) ${IP} ${MAC} pc7`, { kind: "lease", ip: IP, mac: MAC }],
  [`dnsmasq-dhcp[9]: 2986 DHCPACK(lan) ${IP} ${MAC}`, { kind: "lease", ip: IP, mac: MAC }],
  [`dnsmasq-dhcp: 2986 DHCPOFFER(lan) ${IP} ${MAC}`, undefined],
  [`dnsmasq-dhcp: 7 PXE(lan) ${MAC} proxy`, { kind: "firmware", mac: MAC }],
  [`dnsmasq-dhcp: 7 PXE(lan) ${IP} ${MAC} undionly.kpxe`, { kind: "firmware", mac: MAC }],
  [`dnsmasq-tftp: sent /srv/pxe/undionly.kpxe to ${IP}`, { kind: "file", ip: IP, path: "/undionly.kpxe" }],
  [`dnsmasq-tftp: sent /etc/passwd to ${IP}`, undefined],
  [`dnsmasq-tftp: file /srv/pxe/x not found for ${IP}`, undefined],
])("readLogLine() understands %s", (line, event) => {
  expect(readLogLine(line, "/srv/pxe")).toEqual(event);
});

test("findNeighbour() looks an address up in /proc/net/arp", () => {
  const arp = `IP address       HW type     Flags       HW address            Mask     Device
10.9.0.58        0x1         0x2         52:54:00:12:34:56     *        lan
10.9.0.59        0x1         0x0         00:00:00:00:00:00     *        lan
`;
  expect(findNeighbour(arp, "10.9.0.58")).toBe(MAC);
  expect(findNeighbour(arp, "10.9.0.59")).toBeUndefined();
  expect(findNeighbour(arp, "10.9.0.5")).toBeUndefined();
});

function stagesOf(events: readonly BootEvent[], macOf = (_ip: string): string | undefined => undefined) {
  let log: BootLog = new Map();
  return events.map((event) => {
    log = recordEvent(log, event, AT, macOf);
    return log.get(MAC)?.stage;
  });
}

const file = (path: string): BootEvent => ({ kind: "file", ip: IP, path });
const LEASE: BootEvent = { kind: "lease", ip: IP, mac: MAC };

test("recordEvent() follows a node by its lease until its own system asks for an address", () => {
  const way = [LEASE, file("/boot.ipxe"), file("/clump/vmlinuz"), file("/clump/initramfs.img"), LEASE, LEASE];
  expect(stagesOf(way)).toEqual([
    "asks where to boot from",
    "has the menu",
    "loads the kernel",
    "loads the system",
    "runs",
    "runs",
  ]);
});

test("recordEvent() knows a node of another DHCP server by the neighbours of this machine", () => {
  const way: BootEvent[] = [{ kind: "firmware", mac: MAC }, file("/boot.ipxe")];
  expect(stagesOf(way, () => MAC)).toEqual(["asks where to boot from", "has the menu"]);
  expect(stagesOf([file("/boot.ipxe")])).toEqual([undefined]);
});

test("recordEvent() begins anew when a node that runs is started again", () => {
  const way = [file("/clump/initramfs.img"), LEASE, file("/undionly.kpxe"), LEASE];
  expect(stagesOf([LEASE, ...way]).slice(1)).toEqual([
    "loads the system",
    "runs",
    "starts iPXE",
    "asks where to boot from",
  ]);
});

test("recordEvent() gives the same log where nothing is new", () => {
  const log = recordEvent(new Map(), LEASE, AT, () => undefined);
  expect(recordEvent(log, LEASE, new Date(), () => undefined)).toBe(log);
  expect(recordEvent(log, file("/SHA256SUMS"), AT, () => undefined)).toBe(log);
});

test("recordEvent() takes a file for that of whoever has the address now", () => {
  const other = "52:54:00:00:00:02";
  const log = recordEvent(new Map(), LEASE, AT, () => undefined);
  const after = recordEvent(log, file("/boot.ipxe"), AT, () => other);
  expect([...after.values()].map(({ mac, stage }) => [mac, stage])).toEqual([
    [MAC, "asks where to boot from"],
    [other, "has the menu"],
  ]);
});

test("recordEvent() forgets the oldest where too many ask", () => {
  const node = (mac: string) => [mac, { mac, ip: "", stage: "runs", at: AT }] as const;
  const full: BootLog = new Map(Array.from({ length: MOST_NODES }, (_, index) => node(`node ${index}`)));
  const after = recordEvent(full, { kind: "firmware", mac: MAC }, AT, () => undefined);
  expect([after.size, after.has("node 0"), after.has("node 1"), after.has(MAC)]).toEqual([
    MOST_NODES,
    false,
    true,
    true,
  ]);
});
