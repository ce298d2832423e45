/** dnsmasq as a DHCP server of a test: in the foreground, without its configuration file, DNS and the probe of a ping. */
export const DNSMASQ = [
  ...["dnsmasq", "--no-daemon", "--conf-file=/dev/null", "--user=root", "--port=0"],
  ...["--log-dhcp", "--bind-dynamic", "--no-ping"],
] as const;
