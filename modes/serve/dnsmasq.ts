/** dnsmasq as the DHCP and TFTP half of a boot server; the options are those of dnsmasq(8). */

import { BOOT_FILES } from "./boot-files.ts";
import type { Pool } from "./pool.ts";

/** The settings of a boot server. */
export interface ServeSettings {
  /** The interface to serve on. */
  readonly interface: string;
  /** First and last address of the DHCP pool; absent beside another DHCP server, which then assigns the addresses. */
  readonly pool?: Pool;
  readonly httpPort: number;
}

export interface DnsmasqInputs {
  readonly options: ServeSettings;
  /** This machine on that interface. */
  readonly served: ServedNetwork;
  /** The folder of boot files, for TFTP. */
  readonly folder: string;
  /** The URL of the same folder, as "http://192.168.1.2". */
  readonly http: string;
  readonly leaseFile: string;
}

export interface ServedNetwork {
  readonly address: string;
  readonly network: string;
  readonly mask: string;
}

/** Client system types of pxe-service in dnsmasq(8): a PC with a BIOS, and the two types of a PC with UEFI. */
const BIOS = "x86PC";
const UEFI = ["BC_EFI", "X86-64_EFI"];

/** The command line of dnsmasq. */
export function dnsmasqCommand(inputs: DnsmasqInputs): string[] {
  const { options, folder, leaseFile } = inputs;
  return [
    "dnsmasq",
    // dnsmasq stays root: the folder may lie in a home directory, which another user cannot enter.
    ...["--no-daemon", "--user=root", "--log-facility=-", "--log-dhcp", "--conf-file=/dev/null"],
    // No DNS, and no socket on any other interface, loopback included.
    ...["--port=0", "--bind-dynamic", `--interface=${options.interface}`, "--except-interface=lo"],
    ...["--enable-tftp", `--tftp-root=${folder}`],
    // dnsmasq keeps a lease file even as a proxy.
    `--dhcp-leasefile=${leaseFile}`,
    // iPXE identifies itself by option 175 or by its user class.
    ...["--dhcp-match=set:ipxe,175", "--dhcp-userclass=set:ipxe,iPXE"],
    ...(options.pool === undefined ? proxyOptions(inputs) : serverOptions(inputs, options.pool)),
  ];
}

/** Proxy DHCP: another server assigns the addresses, this one tells firmware where to boot from. */
function proxyOptions({ served }: DnsmasqInputs): string[] {
  const service = (tag: string, name: string, file: string) =>
    `--pxe-service=tag:${tag},${name},clump,${file}`;
  return [
    `--dhcp-range=${served.network},proxy,${served.mask}`,
    ...[BIOS, ...UEFI].map((name) => service("ipxe", name, BOOT_FILES.ipxe)),
    service("!ipxe", BIOS, BOOT_FILES.bios),
    ...UEFI.map((name) => service("!ipxe", name, BOOT_FILES.uefi)),
  ];
}

/** DHCP server of a network of its own; it names no router and no name server, because the network has none. */
function serverOptions({ http, served }: DnsmasqInputs, [from, to]: Pool) {
  return [
    ...[`--dhcp-range=${from},${to},${served.mask},12h`, "--dhcp-authoritative"],
    ...["--dhcp-option=option:router", "--dhcp-option=option:dns-server"],
    // Processor Architecture Types of IANA: BIOS, UEFI, and UEFI that boots by HTTP.
    "--dhcp-match=set:bios,option:client-arch,0",
    ...[7, 9].map((type) => `--dhcp-match=set:uefi,option:client-arch,${type}`),
    "--dhcp-match=set:http,option:client-arch,16",
    `--dhcp-boot=tag:ipxe,${BOOT_FILES.ipxe}`,
    `--dhcp-boot=tag:!ipxe,tag:bios,${BOOT_FILES.bios}`,
    `--dhcp-boot=tag:!ipxe,tag:uefi,${BOOT_FILES.uefi}`,
    // UEFI specification, section 24.7.2: the server's reply carries the same vendor class.
    "--dhcp-option-force=tag:http,60,HTTPClient",
    `--dhcp-boot=tag:!ipxe,tag:http,${http}/${BOOT_FILES.uefi}`,
  ];
}
