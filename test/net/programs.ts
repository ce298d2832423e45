/** What runs in a lab: real DHCP servers, and our client. */

import { join } from "node:path";
import { DNSMASQ } from "../lib/dnsmasq.ts";
import type { Lab, Program, Side } from "./lab.ts";

/** Our DHCP client on eth0 of the client's side; `previous` is the address it had before. */
export function startClient(lab: Lab, previous?: string): Program {
  const program = [process.execPath, `${import.meta.dir}/client.ts`, "eth0", "node77"];
  return lab.start("client", [...program, ...(previous ? [previous] : [])]);
}

/** A machine on the other side that says of an address that it is its own, in a VLAN or in none. */
export function startClaimer(lab: Lab, address: string, vlan?: number): Program {
  const program = [process.execPath, `${import.meta.dir}/arp-claimer.ts`, "srv", address];
  return lab.start("other", [...program, ...(vlan === undefined ? [] : [String(vlan)])]);
}

/** A machine on the other side that has the address, and answers each probe for it so late. */
export function startAnswerer(lab: Lab, address: string, milliseconds: number): Program {
  const program = [process.execPath, `${import.meta.dir}/arp-answerer.ts`, "srv", address];
  return lab.start("other", [...program, String(milliseconds)]);
}

/** Our network on all the cards of the client's side; those whose names begin with "usb" are on USB. */
export function startNodeNetwork(lab: Lab, more: readonly string[] = []): Program {
  return lab.start("client", [
    process.execPath,
    `${import.meta.dir}/network.ts`,
    `${lab.files}/root`,
    ...more,
  ]);
}

/** dnsmasq with a pool such as "10.9.0.50,10.9.0.60"; it knows no lease of less than two minutes. */
export async function startDnsmasq(lab: Lab, pool: string, more: readonly string[] = []): Promise<Program> {
  const server = lab.start("server", [
    ...DNSMASQ,
    "--interface=srv",
    "--dhcp-authoritative",
    `--dhcp-leasefile=${lab.files}/leases`,
    `--dhcp-range=${pool},120`,
    ...more,
  ]);
  await server.expect(/IP range/);
  return server;
}

export interface KeaOptions {
  /** Such as "10.9.0.50 - 10.9.0.60"; the lease in seconds is renewed after a quarter, rebound after half. */
  readonly pool: string;
  readonly lease: number;
  readonly side?: Side;
  readonly options?: readonly { readonly name: string; readonly data: string }[];
}

export async function startKea(
  lab: Lab,
  { pool, lease, side = "server", options = [] }: KeaOptions,
): Promise<Program> {
  const config = {
    Dhcp4: {
      "interfaces-config": { interfaces: ["srv"], "dhcp-socket-type": "raw" },
      "lease-database": { type: "memfile", persist: false },
      "multi-threading": { "enable-multi-threading": false },
      authoritative: true,
      "valid-lifetime": lease,
      "renew-timer": lease / 4,
      "rebind-timer": lease / 2,
      subnet4: [
        { id: 1, subnet: "10.9.0.0/24", interface: "srv", pools: [{ pool }], "option-data": options },
      ],
      loggers: [{ name: "kea-dhcp4", output_options: [{ output: "stderr" }], severity: "INFO" }],
    },
  };
  const file = join(lab.files, `kea-${side}.json`);
  await Bun.write(file, JSON.stringify(config));
  const env = { KEA_PIDFILE_DIR: lab.files, KEA_LOCKFILE_DIR: "none" };
  const server = lab.start(side, ["kea-dhcp4", "-c", file], env);
  await server.expect(/DHCP4_STARTED/);
  return server;
}
