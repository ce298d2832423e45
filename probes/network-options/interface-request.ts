/** A request of the command line for one interface. */

export interface StaticAddress {
  readonly family: 4 | 6;
  readonly address: string;
  readonly prefix: number;
  readonly gateway?: string;
  /** The peer of a point-to-point link: dracut's second field, if it has a prefix. */
  readonly peer?: { readonly destination: string; readonly prefix: number };
}

/** The request of one `ip=`. */
export interface InterfaceRequest {
  /** Name, MAC or PCI address; absent for any interface. */
  readonly device?: string;
  /** "ipv6" is the kernel's autoconfiguration; "static" has an address. */
  readonly method: "dhcp" | "none" | "ipv6" | "static";
  readonly address?: StaticAddress;
  /** The address that the DHCP client requests first. */
  readonly wanted?: string;
  /** Option 61 of DHCP: type and value. */
  readonly clientId?: { readonly type: number; readonly value: string };
  readonly hostname?: string;
  readonly mtu?: number;
  /** The MAC that the interface is to get. */
  readonly mac?: string;
  readonly dns: readonly string[];
  readonly ntp: readonly string[];
}
