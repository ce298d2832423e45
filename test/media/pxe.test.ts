import { beforeAll, expect, test } from "bun:test";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { writePxeTree } from "../../assets/pxe/tree.ts";
import { parseNodes } from "../../modes/serve/nodes.ts";
import { DNSMASQ } from "../lib/dnsmasq.ts";
import { ENTERED } from "../lib/node.ts";
import { createBootNetwork } from "./boot-network.ts";
import { seeNode, startMachine, TRY_AGAIN } from "./machine.ts";
import { findImage } from "./media.ts";

const MACS = ["52:54:00:00:00:01", "52:54:00:00:00:02", "52:54:00:00:00:03"] as const;

/** A BIOS boots by the ROM of the card, UEFI by itself: there the card has none. */
const NO_ROM = { bios: "", uefi: ",romfile=" } as const;

/** A firmware that boots by HTTP and not by PXE: names of OVMF. */
const HTTP_ALONE = ["IPv4PXESupport", "IPv6PXESupport"].flatMap((name) => [
  ...["-fw_cfg", `name=opt/org.tianocore/${name},string=n`],
]);

/** Three emulated machines share the processors. */
const NETWORK_BOOT = { within: 200 };

/** A mode that waits longer for an address than 10 s: the lines of a node that it comes after are on its screen. */
const PATIENT = "rd.net.timeout.dhcp=100";

/** There is no such controller. */
const SLURM = "clump.key=room7 clump.slurm=10.9.0.1";

/** A firmware with PXE, then iPXE, on a console that shows both. */
const FROM_TFTP_TO_HTTP =
  /NBP filename is ipxe\.efi.*tftp:\/\/10\.9\.0\.1\/boot\.ipxe\.\.\. ok.*http:\/\/10\.9\.0\.1\/clump\/initramfs\.img\.\.\. [^\n]*ok/s;

const SERVE = ["node_modules/.bin/bun", "assets/serve/serve.ts", "--interface", "lan"];

function writeNodes(text: string): string {
  const file = join(mkdtempSync(join(tmpdir(), "clump-nodes-")), "nodes.conf");
  writeFileSync(file, text);
  return file;
}

/** What is fetched is fetched before the network is closed around the server. */
beforeAll(async () => {
  await findImage();
}, 300_000);

test("three nodes at once, two by PXE and one by HTTP, boot from npm run serve as DHCP server, each with its own options; and one has its tools and its Slurm from there", async () => {
  await using network = await createBootNetwork();
  const nodes = writeNodes(
    `* debug ${PATIENT}\n${MACS[0]} hostname=one\n${MACS[1]} novnc hostname=two\n${MACS[2]} expert hostname=three ${SLURM}\n`,
  );
  const pool = "10.9.0.50,10.9.0.60";
  const server = network.start("server", [...SERVE, "--dhcp", pool, "--nodes", nodes]);
  await server.expect(/Serving on lan/, { within: 120 });
  const under = network.under("server");
  const nic = (index: number, rom: string) => network.nic(index, MACS[index]!, rom);
  const bios = { firmware: "bios", under } as const;
  await using one = await startMachine({
    ...bios,
    name: "pxe-one",
    devices: [...nic(0, NO_ROM.bios), ...TRY_AGAIN],
  });
  await using two = await startMachine({
    ...bios,
    name: "pxe-two",
    devices: [...nic(1, NO_ROM.bios), ...TRY_AGAIN],
  });
  const devices = [...nic(2, NO_ROM.uefi), ...HTTP_ALONE];
  await using three = await startMachine({ name: "http-three", firmware: "uefi", under, devices });
  const seen = await Promise.all(
    [one, two, three].map(async ({ console }) => {
      const [line] = await console.expect(/Command line: .*\n/, NETWORK_BOOT);
      const node = await seeNode({ console }, NETWORK_BOOT);
      return { hostname: / hostname=(\S+)/.exec(line)?.[1], debug: line.includes(" debug"), ...node };
    }),
  );
  const address = expect.stringMatching(/^10\.9\.0\.(5\d|60)\/24$/);
  expect(seen).toEqual([
    { hostname: "one", debug: true, mode: "ClumpOS", address },
    { hostname: "two", debug: true, mode: "NoVNC", address },
    { hostname: "three", debug: true, mode: "Expert", address },
  ]);
  // What is typed before the prompt may be taken by the question for the terminal's size.
  await three.console.expect("three:/# ", NETWORK_BOOT);
  three.console.send("clump tools && bash --version\n");
  await three.console.expect("tmux are at hand, from http://10.9.0.1/clump/tools.img\n", NETWORK_BOOT);
  await three.console.expect("GNU bash", NETWORK_BOOT);
  // slurmd says so: the firmware has loaded slurm.img too.
  three.console.send(
    "until clumpview --once | grep 'the controller 10.9.0.1 does not answer'; do sleep 1; done\n",
  );
  await three.console.expect(/Slurm: the controller 10\.9\.0\.1 does not answer/, NETWORK_BOOT);
  for (const mac of MACS) {
    await server.expect(new RegExp(`${mac} +10\\.9\\.0\\.\\S+ +has the menu`), { within: 60 });
    await server.expect(new RegExp(`${mac} .* runs +debug`), { within: 60 });
  }
});

test("beside a DHCP server that is there, npm run serve only tells BIOS and UEFI where to boot from: iPXE by TFTP, the system by HTTP", async () => {
  await using network = await createBootNetwork();
  const dhcp = network.start("other", [
    ...DNSMASQ,
    ...["--interface=lan", "--dhcp-leasefile=/dev/null", "--leasefile-ro"],
    ...["--dhcp-range=10.9.0.100,10.9.0.110,600"],
  ]);
  await dhcp.expect(/IP range/, { within: 60 });
  const server = network.start("server", [...SERVE, "--nodes", writeNodes(`* ${PATIENT}\n`)]);
  await server.expect(/Serving on lan/, { within: 120 });
  const boot = async (firmware: "bios" | "uefi", index: number) => {
    const devices = [...network.nic(index, MACS[index]!, NO_ROM[firmware]), ...TRY_AGAIN];
    return await startMachine({
      name: `pxe-proxy-${firmware}`,
      firmware,
      under: network.under("server"),
      devices,
    });
  };
  await using uefi = await boot("uefi", 0);
  await using bios = await boot("bios", 1);
  for (const machine of [uefi, bios]) {
    const { address } = await seeNode(machine, NETWORK_BOOT);
    expect(address).toMatch(/^10\.9\.0\.1(0\d|10)\/24$/);
    // The address that the firmware had, and no other.
    expect(machine.console.text).toMatch(/REBOOTING -> PROBING 10\.9\.0\.1/);
  }
  expect(uefi.console.text).toMatch(FROM_TFTP_TO_HTTP);
  // The card of the other has an iPXE of its own.
  const stages = { [MACS[0]]: ["starts iPXE", "has the menu"], [MACS[1]]: ["has the menu"] };
  for (const [mac, before] of Object.entries(stages)) {
    const inOrder = [...before, "loads the system"].map((stage) => `${mac} .* ${stage}`).join("[^]*");
    await server.expect(new RegExp(inOrder), { within: 60 });
  }
});

/** Has the iPXE of QEMU's card load that of the folder, as any other PXE firmware would; that one takes the menu. */
const CHAIN = `#!ipxe
iseq $\{netX/chip} virtio-net && chain undionly.kpxe || chain boot.ipxe
`;

test("a BIOS boots by the iPXE of the PXE folder from servers that are there already, with the options of its MAC", async () => {
  const folder = resolve("dist/test/pxe");
  const nodes = parseNodes(`* debug\n${MACS[0]} safe hostname=one\n`);
  await writePxeTree(folder, { ...(await findImage()), nodes, http: "http://10.9.0.1" });
  writeFileSync(join(folder, "chain.ipxe"), CHAIN);
  await using network = await createBootNetwork();
  const server = network.start("server", [
    ...["dnsmasq", "--no-daemon", "--conf-file=/dev/null", "--user=root", "--port=0", "--no-ping"],
    ...["--interface=lan", "--bind-dynamic", "--dhcp-leasefile=/dev/null", "--leasefile-ro"],
    ...["--dhcp-range=10.9.0.100,10.9.0.110,600", "--dhcp-boot=chain.ipxe"],
    ...["--enable-tftp", `--tftp-root=${folder}`],
  ]);
  await server.expect(/IP range/, { within: 60 });
  network.start("server", ["node_modules/.bin/bun", "test/media/http-server.ts", folder]);
  const under = network.under("server");
  const devices = [...network.nic(0, MACS[0]), ...TRY_AGAIN];
  await using machine = await startMachine({ name: "undionly", firmware: "bios", under, devices });
  await server.expect(/sent \S+\/undionly\.kpxe to /, NETWORK_BOOT);
  const [line] = await machine.console.expect(/Command line: .*\n/, NETWORK_BOOT);
  expect(line).toMatch(/ debug safe hostname=one BOOTIF=/);
  expect((await machine.console.expect(ENTERED, NETWORK_BOOT))[1]).toBe("Safe");
});

test.each([
  ["beside a DHCP server", []],
  ["as DHCP server", ["--dhcp", "10.9.0.50,10.9.0.60"]],
])("%s, npm run serve listens on the interface named and on no other", async (_name, more) => {
  await using network = await createBootNetwork();
  await network.start("server", [...SERVE, ...more]).expect(/Serving on lan/, { within: 120 });
  const list = Bun.spawn([...network.under("server"), "ss", "-Hltun"], { stdout: "pipe" });
  const sockets = (await list.stdout.text()).trim().split("\n");
  const places = sockets.map((line) => line.split(/\s+/)[4] ?? "");
  // DHCP takes broadcasts, so it is tied to the interface and not to its address.
  expect(places).toContain("0.0.0.0%lan:67");
  expect(places).toContain("10.9.0.1:69");
  expect(places).toContain("10.9.0.1:80");
  const isMeant = (place: string) => /^(10\.9\.0\.1|0\.0\.0\.0%lan|\[fe80:[^\]]*\](%lan)?):\d+$/.test(place);
  expect(places.filter((place) => !isMeant(place))).toEqual([]);
});
