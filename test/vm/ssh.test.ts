import { expect, test } from "bun:test";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../assets/build/run.ts";
import { BOOT, bootNode, toolsFile } from "../lib/node.ts";
import { appendArchive } from "../lib/patched-initrd.ts";
import { freePort } from "../lib/port.ts";

/** Seconds until the node has booted, loaded the tools and started the ssh server. */
const BOOT_AND_TOOLS = { within: 2 * BOOT.within };

const FRIENDS = ["option", "file"] as const;

/** The ssh and scp of this machine, against a port that leads to the node. */
class Client implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), "clump-ssh-"));
  readonly port = freePort();

  [Symbol.dispose]() {
    rmSync(this.folder, { recursive: true });
  }

  async makeKey(name: string): Promise<string> {
    const path = join(this.folder, name);
    await run("make a key", ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "my key", "-f", path]);
    return readFileSync(`${path}.pub`, "utf8").trim();
  }

  #options(key: string): string[] {
    const settings = [
      ...["StrictHostKeyChecking=accept-new", `UserKnownHostsFile=${join(this.folder, "hosts")}`],
      ...["IdentitiesOnly=yes", "BatchMode=yes"],
    ];
    return ["-F", "none", "-i", join(this.folder, key), ...settings.flatMap((setting) => ["-o", setting])];
  }

  ssh(key: string, command: string): Promise<string> {
    const words = ["ssh", ...this.#options(key), "-p", String(this.port), "root@127.0.0.1", command];
    return run("ask the node", words);
  }

  scp(key: string, from: string, to: string): Promise<string> {
    return run("bring a file", ["scp", ...this.#options(key), "-P", String(this.port), from, to]);
  }

  /** Types a password as a person does. */
  withPassword(password: string, command: string): Promise<string> {
    const typist = join(this.folder, "typist");
    writeFileSync(typist, `#!/bin/sh\necho '${password}'\n`);
    chmodSync(typist, 0o700);
    const settings = [
      "-o",
      "BatchMode=no",
      "-o",
      "PubkeyAuthentication=no",
      "-o",
      "NumberOfPasswordPrompts=1",
    ];
    const place = ["-p", String(this.port), "root@127.0.0.1", command];
    const env = { SSH_ASKPASS: typist, SSH_ASKPASS_REQUIRE: "force", DISPLAY: ":none" };
    return run("ask the node", ["ssh", ...settings, ...this.#options("option"), ...place], { env });
  }
}

/** Each tool with a part of what it says. */
const TOOLS: readonly (readonly [command: string, wanted: string])[] = [
  ["bash --version", "GNU bash"],
  ["curl --version", "curl 7"],
  ["ethtool --version", "ethtool version"],
  ["htop --version", "htop 3"],
  ["iperf3 --version", "iperf 3"],
  ["python3 --version", "Python 3"],
  ["rsync --version", "rsync  version"],
  ["ssh -V 2>&1", "OpenSSH"],
  ["strace --version", "strace -- version"],
  ["tmux -V", "tmux 3"],
];

test("in 256 MB clump.ssh lets in whoever has the private key or the password of the shells, and nobody else, and has each tool", async () => {
  using client = new Client();
  const [option = "", file = ""] = await Promise.all(FRIENDS.map((name) => client.makeKey(name)));
  await client.makeKey("stranger");
  using initrd = appendArchive([
    { path: "clump.ssh", type: "file", mode: 0o644, bytes: Buffer.from(`${file}\n`) },
  ]);
  await using vm = await bootNode({
    name: "ssh",
    memoryMegabytes: 256,
    append: `debug expert "clump.ssh=${option}" clump.ssh clump.shell.password=sesame`,
    initrd: initrd.path,
    tools: toolsFile(),
    nics: [{ model: "virtio-net-pci", network: { kind: "user", forward: { from: client.port, to: 22 } } }],
  });
  const [, fingerprint = ""] = await vm.console.expect(
    /ssh listens on port 22, .* (SHA256:\S+)/,
    BOOT_AND_TOOLS,
  );

  expect(await client.ssh("option", "hostname")).toBe("node15\n");
  const known = await run("take the key of the host", [
    "ssh-keygen",
    "-l",
    "-f",
    join(client.folder, "hosts"),
  ]);
  expect(known).toContain(fingerprint);
  const said = await client.ssh("file", TOOLS.map(([command]) => command).join("; "));
  for (const [, wanted] of TOOLS) expect(said).toContain(wanted);
  await expect(client.ssh("stranger", "hostname")).rejects.toThrow("Permission denied");
  expect(await client.withPassword("sesame", "id -un")).toBe("root\n");
  await expect(client.withPassword("open", "hostname")).rejects.toThrow("Permission denied");

  const letter = join(client.folder, "letter");
  writeFileSync(letter, "dear node\n");
  await client.scp("option", letter, "root@127.0.0.1:/tmp/");
  expect(await client.ssh("option", "cat /tmp/letter")).toBe("dear node\n");
  await client.scp("option", "root@127.0.0.1:/etc/passwd", join(client.folder, "passwd"));
  expect(readFileSync(join(client.folder, "passwd"), "utf8")).toContain("root:x:0:0");
}, 600_000);
