/** The options of the network for the documents; the program itself does not read them. */

/** One row of a table of options. */
export interface OptionDescription {
  /** As a person types it, with example values, in brackets what may be left out. */
  readonly forms: readonly string[];
  /** What the option does and its default, in Markdown; links lead from docs/options.md. */
  readonly meaning: string;
}

export const NETWORK_DESCRIPTIONS: readonly OptionDescription[] = [
  { forms: ["bootdev=lan"], meaning: "the same as `clump.nic=`, in the words of dracut" },
  {
    forms: ["BOOTIF=01-52-54-00-12-34-56"],
    meaning: "the NIC that PXELINUX or iPXE booted from; `clump.nic=` comes first",
  },
  { forms: ["rd.bootif=0"], meaning: "ignore `BOOTIF=`" },
  {
    forms: ["ip=dhcp", "ip=eth0:dhcp[:MTU[:MAC]]", "ip=:dhcp[:MTU]"],
    meaning:
      "ask for an address on all NICs, or on this one; `ip=:dhcp:9000` sets the MTU of all; `auto` and lists as `dhcp,dhcp6` mean `dhcp`",
  },
  { forms: ["ip=off", "ip=eth1:off"], meaning: "leave all NICs alone, or this one" },
  { forms: ["ip=auto6"], meaning: "IPv6 alone, as the kernel finds it" },
  {
    forms: ["ip=10.0.0.7::10.0.0.1:24:pc7:eth0:none"],
    meaning:
      "a fixed address: client, boot server, router, mask, host name, interface, method; after it `:DNS:DNS:NTP` or `:MTU:MAC`; IPv6 in brackets",
  },
  { forms: ["nfsaddrs="], meaning: "an old name of `ip=`" },
  { forms: ["nameserver=10.0.0.2"], meaning: "a name server, before those of leases" },
  { forms: ["rd.peerdns=0"], meaning: "no name servers of leases" },
  {
    forms: ["rd.route=10.2.0.0/16:10.0.0.9[:eth0]"],
    meaning: "a route, without a prefix to one host; the router may be empty",
  },
  {
    forms: ["vlan=vlan5:eth0"],
    meaning: "a VLAN on an interface; any name that ends in the number of the VLAN, as `storage100`",
  },
  {
    forms: ["bond=bond0:eth0,eth1:mode=active-backup[:MTU]"],
    meaning: "a [bond](network.md#vlans-bonds-and-bridges); its members may be `all`",
  },
  { forms: ["bridge=br0:eth0,vlan5"], meaning: "a bridge" },
  { forms: ["team="], meaning: "not supported: the screen says so, and DHCP steps in" },
  { forms: ["ifname=lan:52:54:00:12:34:56"], meaning: "a name for the NIC with this MAC address" },
  {
    forms: ["rd.net.timeout.dhcp=SECONDS", "rd.net.dhcp.retry=TIMES", "rd.net.timeout.carrier=SECONDS"],
    meaning: "how long the boot waits for an address, default 10 s; `infinity` is a day",
  },
];
