import { expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatIpxeScript } from "../../../../modes/serve/ipxe-script.ts";
import { writeMenus } from "../../../../modes/serve/menus.ts";
import { parseNodes } from "../../../../modes/serve/nodes.ts";
import { formatPxelinuxConfigs } from "../../../../modes/serve/pxelinux-config.ts";

const NODES = parseNodes("* debug\n52:54:00:12:34:56 novnc hostname=pc7");
/** Variables of iPXE, written with @ for their dollar. */
const ipxe = (text: string) => text.replaceAll("@", "$");

const WORDS = "rootfstype=ramfs console=ttyS0,115200 console=tty0";

test("formatIpxeScript() gives every node the options for all, and one node its own too", () => {
  const lines = formatIpxeScript(NODES, { hasSlurm: true }).split("\n");
  expect(lines.slice(0, 3)).toEqual([
    "#!ipxe",
    `set words ${WORDS} debug`,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: iPXE's own
    "iseq ${netX/mac} 52:54:00:12:34:56 && set words ".concat(`${WORDS} debug novnc hostname=pc7 ||`),
  ]);
});

test("formatIpxeScript() leads from each item of the menu to a label that boots it", () => {
  const script = formatIpxeScript(NODES, { hasSlurm: true });
  const items = [...script.matchAll(/^item (\S+) /gm)].map(([, id]) => id);
  expect(items).toEqual(["clumpos", "novnc", "expert", "safe"]);
  expect(script).toContain(":clumpos\nclear mode\ngoto boot\n");
  expect(script).toContain(":safe\nset mode clump.mode=safe\ngoto boot\n");
  expect(script).toContain(
    ipxe("\nkernel clump/vmlinuz initrd=initramfs.img @{slurm} @{words} @{from} @{mode} || goto failed\n"),
  );
});

test("both hand over the card and the address they came by", () => {
  const from =
    "BOOTIF=01-@{netX/mac:hexhyp} ip=@{netX/ip}:@{netX/next-server}:@{netX/gateway}:@{netX/netmask}";
  expect(formatIpxeScript(NODES, { hasSlurm: true })).toContain(
    ipxe(`\nisset @{netX/ip} && set from ${from} ||\n`),
  );
  expect(formatPxelinuxConfigs(NODES, { files: "clump", hasSlurm: true }).get("default")).toContain(
    "\nSYSAPPEND 3\n",
  );
});

test("formatPxelinuxConfigs() has one menu for all and one for each node of its own", () => {
  const configs = formatPxelinuxConfigs(NODES, { files: "http://10.0.0.1/clump", hasSlurm: true });
  expect([...configs.keys()]).toEqual(["default", "01-52-54-00-12-34-56"]);
  expect(configs.get("default")).toContain(`  APPEND ${WORDS} debug clump.mode=safe\n`);
  expect(configs.get("01-52-54-00-12-34-56")).toContain(
    `LABEL clumpos\n  MENU LABEL ClumpOS   a node of the cluster, shown on every console\n  MENU DEFAULT\n` +
      "  KERNEL http://10.0.0.1/clump/vmlinuz\n  INITRD http://10.0.0.1/clump/initramfs.img\n" +
      `  APPEND ${WORDS} debug novnc hostname=pc7\n`,
  );
});

test.each([
  ["http://10.0.0.1", "clump.tools=http://10.0.0.1/clump/tools.img debug"],
  [undefined, "debug"],
])("a node of the boot server %s fetches its tools there, before options of the user", (http, options) => {
  const folder = mkdtempSync(join(tmpdir(), "clump-menus-"));
  try {
    writeMenus(folder, { nodes: NODES, ...(http !== undefined && { http }) });
    const text = (path: string) => readFileSync(join(folder, path), "utf8");
    expect(text("boot.ipxe")).toContain(`\nset words ${WORDS} ${options}\n`);
    expect(text("pxelinux.cfg/default")).toContain(`  APPEND ${WORDS} ${options}\n`);
    expect(text("pxelinux.cfg/01-52-54-00-12-34-56")).toContain(` ${options} novnc hostname=pc7\n`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a node whose options ask for Slurm loads slurm.img behind the initramfs, where the folder has it", () => {
  const nodes = parseNodes("* debug\n52:54:00:12:34:56 clump.slurm=ctl");
  const lines = formatIpxeScript(nodes, { hasSlurm: true }).split("\n");
  expect(lines).not.toContain("set slurm initrd=slurm.img");
  expect(lines).toContain(ipxe("iseq @{netX/mac} 52:54:00:12:34:56 && set slurm initrd=slurm.img ||"));
  expect(lines.slice(lines.indexOf("initrd clump/initramfs.img || goto failed"))).toEqual(
    expect.arrayContaining([
      ipxe("isset @{slurm} || goto start"),
      "initrd clump/slurm.img || goto failed",
      ":start",
    ]),
  );
  const configs = formatPxelinuxConfigs(nodes, { files: "clump", hasSlurm: true });
  expect(configs.get("default")).toContain("  INITRD clump/initramfs.img\n");
  expect(configs.get("01-52-54-00-12-34-56")).toContain("  INITRD clump/initramfs.img,clump/slurm.img\n");

  const all = parseNodes("* clump.slurm");
  expect(formatIpxeScript(all, { hasSlurm: true })).toContain("\nset slurm initrd=slurm.img\n");
  expect(formatIpxeScript(all, { hasSlurm: false })).not.toContain("set slurm");
  expect(formatPxelinuxConfigs(all, { files: "clump", hasSlurm: false }).get("default")).not.toContain(
    "slurm.img",
  );
});
