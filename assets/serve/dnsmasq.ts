/** dnsmasq as the DHCP and TFTP half of a boot server; the options are those of dnsmasq(8). */

import { BOOT_FILES } from "../pxe/tree.ts";
import type { ServeOptions } from "./options.ts";

export interface DnsmasqInputs {
  readonly options: ServeOptions;
  /** This machine's address on the interface, and its network, as "192.168.1.0" and "255.255.255.0". */
  readonly place: Place;
  /** The folder that is served. */
  readonly folder: string;
  /** The same folder by HTTP, as "http://192.168.1.2". */
  readonly http: string;
  readonly leaseFile: string;
}

export interface Place {
  readonly address: string;
  readonly network: string;
  readonly mask: string;
}

/** A BIOS, and the two numbers that a PC with UEFI goes by, whose own firmware has no loader here. */
const BIOS = "x86PC";
const UEFI = ["BC_EFI", "X86-64_EFI"];

/** The whole command. */
export function dnsmasqCommand(inputs: DnsmasqInputs): string[] {
  const { options, folder, leaseFile } = inputs;
  return [
    "dnsmasq",
    // It stays who we are: the folder may lie in a home directory, which is closed to a user of its own.
    ...["--no-daemon", "--user=root", "--log-facility=-", "--log-dhcp", "--conf-file=/dev/null"],
    // No DNS, and no socket on any interface but the one named: not even loopback.
    ...["--port=0", "--bind-dynamic", `--interface=${options.interface}`, "--except-interface=lo"],
    ...["--enable-tftp", `--tftp-root=${folder}`],
    // iPXE says so by option 175, or by its user class.
    ...["--dhcp-match=set:ipxe,175", "--dhcp-userclass=set:ipxe,iPXE"],
    ...(options.pool === undefined ? proxyOptions(inputs) : serverOptions(inputs, options.pool, leaseFile)),
  ];
}

/** Another server gives addresses; this one only tells firmware where to boot from. */
function proxyOptions({ place, http }: DnsmasqInputs): string[] {
  const service = (tag: string, name: string, file: string) =>
    `--pxe-service=tag:${tag},${name},clump,${file}`;
  const script = `${http}/${BOOT_FILES.ipxe}`;
  return [
    `--dhcp-range=${place.network},proxy,${place.mask}`,
    ...[BIOS, ...UEFI].map((name) => service("ipxe", name, script)),
    service("!ipxe", BIOS, BOOT_FILES.bios),
  ];
}

/** A network of its own: no router and no name server are named, for there are none here. */
function serverOptions(
  { http, place }: DnsmasqInputs,
  [from, to]: readonly [string, string],
  leaseFile: string,
) {
  return [
    ...[
      `--dhcp-range=${from},${to},${place.mask},12h`,
      "--dhcp-authoritative",
      `--dhcp-leasefile=${leaseFile}`,
    ],
    ...["--dhcp-option=option:router", "--dhcp-option=option:dns-server"],
    // RFC 4578, section 2.1: 0 is a PC with a BIOS.
    "--dhcp-match=set:bios,option:client-arch,0",
    `--dhcp-boot=tag:ipxe,${http}/${BOOT_FILES.ipxe}`,
    `--dhcp-boot=tag:!ipxe,tag:bios,${BOOT_FILES.bios}`,
  ];
}
