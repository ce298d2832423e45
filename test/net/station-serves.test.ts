import { expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { DNSMASQ } from "../lib/dnsmasq.ts";
import { createLab, TEST_LIMIT } from "./lab.ts";

const script = (name: string) => [process.execPath, `${import.meta.dir}/${name}.ts`];

const credentials = (folder: string) => ({ CREDENTIALS_DIRECTORY: folder, JOURNAL_STREAM: "1:1" });

/** The tree of a workstation, with a kernel that PCs boot and the cluster key. */
function layOut(files: string): void {
  const boot = `${files}/usr/lib/clump/boot/clump`;
  mkdirSync(boot, { recursive: true });
  writeFileSync(`${boot}/vmlinuz`, "kernel");
  writeFileSync(`${files}/clump.key`, "room7\n");
  writeFileSync(`${files}/clump.nodes`, "* debug\n");
}

test(
  "a workstation serves a network without a DHCP server: menus with the key, files of the package, and addresses",
  async () => {
    await using lab = await createLab();
    layOut(lab.files);
    await lab.run("client", "ip link set eth0 up");
    const ask = async () => await lab.run("client", [...script("dhcp-question"), "eth0"].join(" "));
    expect(await ask()).toBe("server: undefined\n");
    const words = ["--interface", "srv", "--dhcp", "10.9.0.50,10.9.0.60"];
    const server = lab.start(
      "server",
      [...script("station-server"), lab.files, ...words],
      credentials(lab.files),
    );
    await server.expect(/boots the other PCs on srv \(DHCP server, 10\.9\.0\.50 to 10\.9\.0\.60\)/);
    expect(await ask()).toBe("server: 10.9.0.1\n");
    await lab.run("client", "ip addr add 10.9.0.9/24 dev eth0");
    const get = (path: string) => lab.run("client", `curl -sS http://10.9.0.1${path}`);
    const menu = await get("/boot.ipxe");
    expect(menu).toMatch(
      /^set words .* clump\.tools=http:\/\/10\.9\.0\.1\/clump\/tools\.img clump\.key=room7 debug$/m,
    );
    expect(await get("/clump/vmlinuz")).toBe("kernel");
    expect(await get("/clump.key")).toBe("There is no such file here\n");
    // Another address of the workstation: the server follows.
    await lab.run("server", "ip addr del 10.9.0.1/24 dev srv");
    await server.expect(/boots no other PCs on srv any more/);
    await lab.run("server", "ip addr add 10.9.0.3/24 dev srv");
    await server.expect(/boots the other PCs on srv/);
    expect(await lab.run("client", "curl -sS http://10.9.0.3/boot.ipxe")).toContain("http://10.9.0.3/clump");
    expect(server.output).not.toContain("room7");
  },
  TEST_LIMIT,
);

test(
  "beside a DHCP server that is there, a workstation gives PCs its menu and no address",
  async () => {
    await using lab = await createLab();
    layOut(lab.files);
    const pool = ["--interface=srv", "--dhcp-range=10.9.0.100,10.9.0.110,600"];
    const other = lab.start("other", [...DNSMASQ, ...pool, `--dhcp-leasefile=${lab.files}/leases`]);
    await other.expect(/IP range/);
    const words = ["--interface", "srv"];
    const server = lab.start(
      "server",
      [...script("station-server"), lab.files, ...words],
      credentials(lab.files),
    );
    await server.expect(/boots the other PCs on srv \(beside the DHCP server there\)/);
    const ask = async () => await lab.run("client", [...script("dhcp-question"), "eth0"].join(" "));
    expect(await ask()).toBe("server: 10.9.0.2\n");
    await other.stop();
    expect(await ask()).toBe("server: undefined\n");
    await lab.run("client", "ip addr add 10.9.0.9/24 dev eth0");
    const menu = [...script("tftp-client"), "10.9.0.1", "boot.ipxe"].join(" ");
    expect(await lab.run("client", menu)).toMatch(
      /^boot\.ipxe: data #!ipxe\nset base http:\/\/10\.9\.0\.1\//,
    );
  },
  TEST_LIMIT,
);
