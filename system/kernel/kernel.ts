/** What programs may ask of the kernel, in our words and in parts; `linux*.ts` are the real ones, tests pass a fake. */

/** All of it, for process 1; another program is given the parts that it needs. */
export interface Kernel extends Mounts, Processes, Consoles, Devices {
  /** Ends the machine, reboot(2); the real one does not return. @throws SyscallError */
  end(how: MachineEnd): void;
  /** Opens a socket that listens on a TCP port of every IPv4 address, for a child to accept from. @throws SyscallError */
  listen(port: number): number;
  readonly network: Network;
  readonly clock: SystemClock;
}

export interface Mounts {
  /** Mounts one file system, mount(2). @throws SyscallError */
  mount(mount: Mount): void;
  /**
   * Unmounts, umount2(2); `lazy` detaches a busy one (MNT_DETACH), `force` ends what waits for it (MNT_FORCE).
   * @throws SyscallError
   */
  unmount(target: string, options?: { readonly lazy: boolean; readonly force?: boolean }): void;
  /** Writes every dirty page to its disk, sync(2). */
  sync(): void;
}

/** Children, orphans and signals of a process that others become children of. */
export interface Processes {
  /** The pid of one child that has ended and was not waited for, left as it is; waitid(2) with WNOWAIT. */
  endedChild(): number | undefined;
  /** Collects one ended child that Bun did not start, waitpid(2). */
  reap(pid: number): void;
  /**
   * Gives signals their default action again that the runtime handles by ending: sent by kill(2), they do nothing to
   * PID 1 then; signal(2), pid_namespaces(7). @throws SyscallError
   */
  outliveSignals(): void;
  /** A pipe from a child to this process, read until the signal; pipe2(2). @throws SyscallError */
  pipe(signal: AbortSignal): Pipe;
  /** Signals every process but PID 1 and the kernel's own, kill(2) with pid -1. */
  signalAll(signal: "SIGTERM" | "SIGKILL"): void;
}

/** Virtual consoles and serial lines. */
export interface Consoles {
  /** Whether a Shift key is held on a keyboard of the virtual consoles, TIOCLINUX 6 of ioctl_console(2). */
  shiftHeld(): boolean;
  /** Draws blocks into the font of a virtual console, and has their characters shown by them. @throws SyscallError */
  addBlocks(path: string, blocks: readonly BlockGlyph[]): void;
  /** Limits what closing a serial line waits for its output to leave, closing_wait of TIOCSSERIAL. @throws SyscallError */
  limitDrain(path: string, seconds: number): void;
}

export interface Devices {
  /** Opens the tray of a CD drive, CDROMEJECT of linux/cdrom.h. @throws SyscallError where the disc is in use */
  eject(path: string): void;
  /** Device events of the kernel (NETLINK_KOBJECT_UEVENT), until the signal. @throws SyscallError */
  uevents(signal: AbortSignal): AsyncIterable<Uevent>;
}

/** The clock that tells the time of day. */
export interface SystemClock {
  /** Sets it forward by so many milliseconds, or back by a negative number, at once; settimeofday(2). @throws SyscallError */
  step(milliseconds: number): void;
  /** Has it go faster or slower until that is made up, in place of what an earlier call left; adjtime(3). @throws SyscallError */
  slew(milliseconds: number): void;
}

/** A pipe whose writer is a child. */
export interface Pipe {
  /** The end that the child is given; close-on-exec and non-blocking. */
  readonly writer: number;
  /** Closes this process's copy of that end, once the child has its own. */
  closeWriter(): void;
  /** What the child writes, up to its last copy of the writer or the signal. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

export interface Mount {
  readonly source: string;
  readonly target: string;
  readonly type: string;
  readonly flags?: readonly MountFlag[];
  /** The file system's own options, as after `-o`. */
  readonly data?: string;
}

/** With "bind" the source is a file or a folder that shows at the target too; it has no type. */
export type MountFlag = "bind" | "nosuid" | "nodev" | "noexec" | "read-only" | "remount";

/** A character that looks like a cell filled from below. */
export interface BlockGlyph {
  readonly character: string;
  /** Which glyph of the font it takes. */
  readonly place: number;
  /** Share of the cell, 0 to 1. */
  readonly filled: number;
}

export type MachineEnd = "power-off" | "restart" | "halt";

/** One device event: `action` is "add", "remove", "change"…; `env` holds its KEY=VALUE pairs. */
export interface Uevent {
  readonly action: string;
  /** Path below /sys, as in "/devices/pci0000:00/0000:00:03.0". */
  readonly path: string;
  readonly env: ReadonlyMap<string, string>;
}

/** Network interfaces, addresses and routes, by rtnetlink(7), and raw IPv4 packets, by packet(7). */
export interface Network {
  /** Every interface there is. @throws SyscallError */
  links(): Link[];
  /** Interfaces as they appear, change (carrier, name, up) and go away, until the signal. @throws SyscallError */
  linkEvents(signal: AbortSignal): AsyncIterable<LinkEvent>;
  /** @throws SyscallError */
  setLink(index: number, change: LinkChange): void;
  /** Makes a link that has no hardware of its own. @throws SyscallError, EEXIST where its name is taken */
  addLink(link: NewLink): void;
  /** Adds an address, or renews its lifetimes when it is there. @throws SyscallError */
  addAddress(index: number, address: InterfaceAddress): void;
  /** @throws SyscallError, EADDRNOTAVAIL where it is not there */
  removeAddress(index: number, address: InterfaceAddress): void;
  /** Adds a route or replaces the one of the same destination and metric. @throws SyscallError */
  addRoute(route: Route): void;
  /** @throws SyscallError, ESRCH where it is not there */
  removeRoute(route: Route): void;
  /**
   * A socket on one interface that may have no address yet; with `owner` it hears of ARP only what says that the address
   * is another's. @throws SyscallError
   */
  openPacketSocket(index: number, kind: PacketKind, owner?: AddressOwner): PacketSocket;
}

/** WireGuard devices (linux/wireguard.h); keys are 32 bytes. */
export interface Wireguard {
  /** @throws SyscallError, ENODEV where there is no such device */
  readWireguard(name: string): WireguardState;
  /** Gives a device its key and its UDP port; the device forgets all its peers. @throws SyscallError */
  setUpWireguard(name: string, own: { readonly privateKey: Uint8Array; readonly port: number }): void;
  /** Adds a peer, or changes the peer of that key. @throws SyscallError */
  addPeer(name: string, peer: WireguardPeer): void;
  /** Removes a peer, where the device has it. @throws SyscallError */
  removePeer(name: string, publicKey: Uint8Array): void;
  /** Has every process that is not root's get EHOSTUNREACH from that network; ip-rule(8). @throws SyscallError */
  keepForRoot(network: string, prefix: number): void;
}

export interface WireguardState {
  readonly publicKey: Uint8Array;
  /** Public keys. */
  readonly peers: readonly Uint8Array[];
}

export interface WireguardPeer {
  readonly publicKey: Uint8Array;
  /** Dotted decimal. */
  readonly endpoint: { readonly address: string; readonly port: number };
  /** Its address within the tunnel: IPv6. */
  readonly inner: string;
}

export interface Link {
  readonly index: number;
  readonly name: string;
  /** ARPHRD_* of if_arp.h: 1 is Ethernet, 772 the loopback. */
  readonly type: number;
  /** Six bytes for Ethernet. */
  readonly address: Uint8Array;
  /** Administratively up (IFF_UP). */
  readonly up: boolean;
  /** The cable has a signal (IFF_LOWER_UP); always false while the link is down. */
  readonly carrier: boolean;
  readonly mtu: number;
  /** Index of the bond or bridge that it is part of. */
  readonly master?: number;
}

export interface LinkChange {
  readonly up?: boolean;
  readonly mtu?: number;
  /** Only of a link that is down. */
  readonly name?: string;
  readonly address?: Uint8Array;
  /** Index of the bond that it joins, while it is down, or of the bridge. */
  readonly master?: number;
}

export type NewLink =
  /** `neighborTargets` are the IPv6 addresses that its members ask for; ns_ip6_target of bonding.rst. */
  | { readonly kind: "bond"; readonly name: string; readonly neighborTargets?: readonly string[] }
  /** Without spanning tree, so that its ports forward at once. */
  | { readonly kind: "bridge"; readonly name: string }
  /** `parent` is the index of the link below it. */
  | { readonly kind: "vlan"; readonly name: string; readonly id: number; readonly parent: number }
  | { readonly kind: "wireguard"; readonly name: string };

export type LinkEvent = { readonly kind: "changed" | "removed"; readonly link: Link };

export interface InterfaceAddress {
  /** Dotted decimal, or IPv6. */
  readonly address: string;
  /** 0 to 32, or to 128. */
  readonly prefix: number;
  readonly broadcast?: string;
  /** Seconds until the kernel removes it by itself; for ever when absent. */
  readonly validSeconds?: number;
  /** Of the route to its network that the kernel adds. */
  readonly metric?: number;
}

export interface Route {
  readonly index: number;
  /** Dotted decimal or IPv6; "0.0.0.0" or "::" with prefix 0 is the default route. */
  readonly destination: string;
  readonly prefix: number;
  /** Absent for a destination on the link itself. */
  readonly gateway?: string;
  /** Preferred source address. */
  readonly source?: string;
  readonly metric?: number;
}

/** What a packet socket hears: IPv4/UDP to port 68 with the IPv4 header, or ARP for IPv4 (RFC 826). */
export type PacketKind = "dhcp" | "arp";

/** Who has an address, by right. */
export interface AddressOwner {
  /** Dotted decimal. */
  readonly address: string;
  /** Six bytes. */
  readonly mac: Uint8Array;
}

export interface PacketSocket {
  /** Sends one packet of its kind to a hardware address on the link. @throws SyscallError */
  send(packet: Uint8Array, to: Uint8Array): void;
  /** Every packet of its kind that arrives, one whole packet each; ends at close. */
  readonly packets: AsyncIterable<Uint8Array>;
  close(): void;
}
