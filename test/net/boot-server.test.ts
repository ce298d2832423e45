import { expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { createLab, TEST_LIMIT } from "./lab.ts";

const SCRIPT = (name: string) => [process.execPath, `${import.meta.dir}/${name}.ts`];

test(
  "TFTP gives the files of the folder, and its errors do not name where the folder is",
  async () => {
    await using lab = await createLab();
    const folder = `${lab.files}/home-of-anna`;
    mkdirSync(`${folder}/clump`, { recursive: true });
    writeFileSync(`${folder}/clump/initramfs.img`, "hello");
    writeFileSync(`${lab.files}/secret`, "secret");
    await lab.run("client", "ip addr add 10.9.0.9/24 dev eth0");
    const server = lab.start("server", [...SCRIPT("boot-server"), folder]);
    await server.expect(/started/);
    const files = [
      "clump/initramfs.img",
      "/clump/initramfs.img",
      "absent",
      "clump",
      "../secret",
      "/etc/passwd",
    ];
    const said = await lab.run("client", [...SCRIPT("tftp-client"), "10.9.0.1", ...files].join(" "));
    const answers = said.trim().split("\n");
    expect(answers.slice(0, 2)).toEqual([
      "clump/initramfs.img: data hello",
      "/clump/initramfs.img: data hello",
    ]);
    for (const answer of answers.slice(2)) expect(answer).toContain(": error ");
    expect(said).not.toContain("home-of-anna");
    await server.expect(/seen .*"10.9.0.9"/);
  },
  TEST_LIMIT,
);
