import { expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { createLab, TEST_LIMIT } from "./lab.ts";

const script = (name: string) => [process.execPath, `${import.meta.dir}/${name}.ts`];

test(
  "a workstation serves a network without a DHCP server: menus with the key, files of the package, and addresses",
  async () => {
    await using lab = await createLab();
    const boot = `${lab.files}/usr/lib/clump/boot/clump`;
    mkdirSync(boot, { recursive: true });
    writeFileSync(`${boot}/vmlinuz`, "kernel");
    writeFileSync(`${lab.files}/clump.key`, "room7\n");
    writeFileSync(`${lab.files}/clump.nodes`, "* debug\n");
    await lab.run("client", "ip link set eth0 up");
    const ask = async () => await lab.run("client", [...script("dhcp-question"), "eth0"].join(" "));
    expect(await ask()).toBe("server: undefined\n");
    const words = ["--interface", "srv", "--dhcp", "10.9.0.50,10.9.0.60"];
    const credentials = { CREDENTIALS_DIRECTORY: lab.files, JOURNAL_STREAM: "1:1" };
    const server = lab.start("server", [...script("station-server"), lab.files, ...words], credentials);
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
