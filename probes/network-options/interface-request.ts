/** What the words ask of one interface. */

export interface StaticAddress {
  readonly family: 4 | 6;
  readonly address: string;
  readonly prefix: number;
  readonly gateway?: string;
  /** The other end of a line between two, dracut's second field where it has a prefix. */
  readonly peer?: { readonly destination: string; readonly prefix: number };
}

/** What one `ip=` asks for. */
export interface InterfaceRequest {
  /** Name, MAC or PCI address; absent for whichever there is. */
  readonly device?: string;
  /** "ipv6" is what the kernel does by itself; a static request has an address. */
  readonly method: "dhcp" | "none" | "ipv6" | "static";
  readonly address?: StaticAddress;
  /** To be asked of DHCP first. */
  readonly wanted?: string;
  /** Option 61 of DHCP: type and value. */
  readonly clientId?: { readonly type: number; readonly value: string };
  readonly hostname?: string;
  readonly mtu?: number;
  /** To be given to the interface. */
  readonly mac?: string;
  readonly dns: readonly string[];
  readonly ntp: readonly string[];
}
