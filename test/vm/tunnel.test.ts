import { expect, test } from "bun:test";
import { keyOf } from "../../cluster/security/key.ts";
import { InnerAddresses } from "../../cluster/tunnel/inner-addresses.ts";
import { bootMember, oneCluster, secondsUntil, startLan } from "../lib/cluster.ts";
import { output, run } from "../lib/shell.ts";

const KEY = 'expert clump.balance=off clump.key="the key of the room"';
const LAN = ["192.168.7.1", "192.168.7.2"] as const;

test("what crosses the network for moves is encrypted, and only nodes with the key are let in", async () => {
  await using _ = await oneCluster();
  using lan = startLan();
  const captured = await capture(lan.path);
  await using machines = new AsyncDisposableStack();
  const boot = async (id: number, append: string) => machines.use(await bootMember(id, lan.path, { append }));
  const [first, second] = await Promise.all([boot(1, KEY), boot(2, KEY)]);
  await secondsUntil(first, "clump nodes", /192\.168\.7\.2\s+up/, 15);
  const inner = new InnerAddresses(keyOf("the key of the room"));
  const [one, two] = LAN.map((address) => inner.of(address)) as [string, string];

  // Before the first use a node has no inner address, no device and no module.
  for (const vm of [first, second]) await secondsUntil(vm, "netstat -ltn", /0\.0\.0\.0:5432/, 15);
  expect(await output(second, "ip -6 addr show dev lo")).not.toContain(two);
  expect((await run(second, "grep wireguard /proc/modules; ip link show clump-moves")).code).not.toBe(0);

  // Its memory holds the marker; it writes the marker to a file, and to a reader at home.
  const script = "echo $$ >/tmp/pid; while :; do echo secretmarker; echo secretmarker >&2; done";
  const move =
    "migrate $(cat /tmp/pid) 2 && : >/tmp/file && sleep 1; s=$?; kill $(cat /tmp/pid); wait; (exit $s)";
  const job = `sh -c '${script}' 2>/tmp/file | cat >/tmp/said`;
  await output(first, `${job} & sleep 1; ${move}`, { within: 90 });
  expect(await output(first, "tail -n 1 /tmp/file; tail -n 1 /tmp/said")).toBe(
    "secretmarker\nsecretmarker\n",
  );
  expect(await output(second, "tail -n 1 /mfs/1/tmp/file")).toBe("secretmarker\n");
  for (const vm of [first, second])
    expect(await output(vm, "ip link show clump-moves")).toContain("mtu 1440");
  expect(await output(second, "ip -6 addr show dev lo")).toContain(`${two}/128`);
  expect(await output(first, `ping -c 1 ${two}`)).toContain("1 packets received");

  await run(first, `echo in clear 1234 | nc -w 2 ${LAN[1]} 5432`);
  expect(captured().includes("in clear 1234")).toBe(true);
  expect(captured().includes("secretmarker")).toBe(false);

  // WireGuard proves which node sends, not which user.
  const { code } = await run(first, `su -s /bin/sh nobody -c 'ping -c 1 -W 2 ${two}'`);
  expect(code).not.toBe(0);

  // The next clumpjobs takes over what is open.
  await output(first, "kill $(pidof clumpjobs); sleep 3");
  expect(await output(first, `ping -c 1 ${two}`)).toContain("1 packets received");

  // A stranger: the door hangs up, and the inner address answers nobody on the LAN.
  const stranger = await boot(3, "expert clump.key=another");
  const asked = await run(
    stranger,
    `echo "clump-door 1 $(echo x | md5sum | cut -c-32)" | nc -w 7 ${LAN[0]} 5432`,
  );
  expect(asked.output).toMatch(/^[0-9a-f]{32}\n$/);
  await run(stranger, `ip -6 route add ${one}/128 dev eth0; nc -w 5 ${one} 5434 </dev/null`);
  expect(await output(first, "dmesg | grep -c 'Cannot let 192.168.7.3 into the tunnel'")).toContain("1");
  expect(await output(first, "netstat -tn")).not.toContain("192.168.7.3");
});

/** What crosses the wire from now on. */
async function capture(path: string): Promise<() => Buffer> {
  const pieces: Buffer[] = [];
  await Bun.connect({ unix: path, socket: { data: (_, bytes) => void pieces.push(Buffer.from(bytes)) } });
  return () => Buffer.concat(pieces);
}
