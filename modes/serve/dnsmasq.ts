/** dnsmasq as the DHCP and TFTP half of a boot server; the options are those of dnsmasq(8). */

import { BOOT_FILES } from "./boot-files.ts";
import type { Pool } from "./pool.ts";

/** Where and how to serve. */
export interface ServeSettings {
  /** The one interface that is answered on. */
  readonly interface: string;
  /** First and last address to give away; without them a DHCP server that is there already does that. */
  readonly pool?: Pool;
  readonly httpPort: number;
}

export interface DnsmasqInputs {
  readonly options: ServeSettings;
  /** This machine's address on the interface, and its network, as "192.168.1.0" and "255.255.255.0". */
  readonly served: ServedNetwork;
  /** The folder that is served. */
  readonly folder: string;
  /** The same folder by HTTP, as "http://192.168.1.2". */
  readonly http: string;
  readonly leaseFile: string;
}

export interface ServedNetwork {
  readonly address: string;
  readonly network: string;
  readonly mask: string;
}

/** A BIOS, and the two numbers that a PC with UEFI goes by. */
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
    // Even where it gives nothing away it keeps one.
    `--dhcp-leasefile=${leaseFile}`,
    // iPXE says so by option 175, or by its user class.
    ...["--dhcp-match=set:ipxe,175", "--dhcp-userclass=set:ipxe,iPXE"],
    ...(options.pool === undefined ? proxyOptions(inputs) : serverOptions(inputs, options.pool)),
  ];
}

/** Another server gives addresses; this one only tells firmware where to boot from. */
function proxyOptions({ served, http }: DnsmasqInputs): string[] {
  const service = (tag: string, name: string, file: string) =>
    `--pxe-service=tag:${tag},${name},clump,${file}`;
  const script = `${http}/${BOOT_FILES.ipxe}`;
  return [
    `--dhcp-range=${served.network},proxy,${served.mask}`,
    ...[BIOS, ...UEFI].map((name) => service("ipxe", name, script)),
    service("!ipxe", BIOS, BOOT_FILES.bios),
    ...UEFI.map((name) => service("!ipxe", name, BOOT_FILES.uefi)),
  ];
}

/** A network of its own: no router and no name server are named, for there are none here. */
function serverOptions({ http, served }: DnsmasqInputs, [from, to]: Pool) {
  return [
    ...[`--dhcp-range=${from},${to},${served.mask},12h`, "--dhcp-authoritative"],
    ...["--dhcp-option=option:router", "--dhcp-option=option:dns-server"],
    // Processor Architecture Types of IANA: a PC with a BIOS, with UEFI, and with UEFI that boots by HTTP.
    "--dhcp-match=set:bios,option:client-arch,0",
    ...[7, 9].map((type) => `--dhcp-match=set:uefi,option:client-arch,${type}`),
    "--dhcp-match=set:http,option:client-arch,16",
    `--dhcp-boot=tag:ipxe,${http}/${BOOT_FILES.ipxe}`,
    `--dhcp-boot=tag:!ipxe,tag:bios,${BOOT_FILES.bios}`,
    `--dhcp-boot=tag:!ipxe,tag:uefi,${BOOT_FILES.uefi}`,
    // UEFI specification, section 24.7.2: the answer names the same vendor class.
    "--dhcp-option-force=tag:http,60,HTTPClient",
    `--dhcp-boot=tag:!ipxe,tag:http,${http}/${BOOT_FILES.uefi}`,
  ];
}
