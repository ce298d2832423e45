import { expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatIpxeScript } from "../../../../modes/serve/ipxe-script.ts";
import { writeMenu } from "../../../../modes/serve/menu.ts";
import { parseNodes } from "../../../../modes/serve/nodes.ts";

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
    ipxe(
      "\nkernel @{base}clump/vmlinuz initrd=initramfs.img @{slurm} @{words} @{from} @{mode} || goto failed\n",
    ),
  );
});

test("formatIpxeScript() hands over the card and the address it came by", () => {
  const from =
    "BOOTIF=01-@{netX/mac:hexhyp} ip=@{netX/ip}:@{netX/next-server}:@{netX/gateway}:@{netX/netmask}";
  expect(formatIpxeScript(NODES, { hasSlurm: true })).toContain(
    ipxe(`\nisset @{netX/ip} && set from ${from} ||\n`),
  );
});

test("formatIpxeScript() takes the files by HTTP, and then in turn by TFTP and by HTTP", () => {
  const end = (script: string) => script.slice(script.lastIndexOf("\nimgfree\n"));
  const script = formatIpxeScript(NODES, { http: "http://10.0.0.1", hasSlurm: false });
  expect(script).toStartWith("#!ipxe\nset base http://10.0.0.1/\n");
  expect(end(script)).toBe(
    ipxe("\nimgfree\nisset @{base} && clear base || set base http://10.0.0.1/\ngoto boot\n"),
  );
  expect(end(formatIpxeScript(NODES, { hasSlurm: false }))).toBe("\nimgfree\ngoto boot\n");
});

test.each([
  ["http://10.0.0.1", "clump.tools=http://10.0.0.1/clump/tools.img debug"],
  [undefined, "debug"],
])("a node of the boot server %s fetches its tools there, before options of the user", (http, options) => {
  const folder = mkdtempSync(join(tmpdir(), "clump-menus-"));
  try {
    writeMenu(folder, { nodes: NODES, ...(http !== undefined && { http }) });
    const text = (path: string) => readFileSync(join(folder, path), "utf8");
    expect(text("boot.ipxe")).toContain(`\nset words ${WORDS} ${options}\n`);
    expect(text("boot.ipxe")).toContain(` && set words ${WORDS} ${options} novnc hostname=pc7 ||\n`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a node whose options ask for Slurm loads slurm.img behind the initramfs, where the folder has it", () => {
  const nodes = parseNodes("* debug\n52:54:00:12:34:56 clump.slurm=ctl");
  const lines = formatIpxeScript(nodes, { hasSlurm: true }).split("\n");
  expect(lines).not.toContain("set slurm initrd=slurm.img");
  expect(lines).toContain(ipxe("iseq @{netX/mac} 52:54:00:12:34:56 && set slurm initrd=slurm.img ||"));
  expect(lines.slice(lines.indexOf(ipxe("initrd @{base}clump/initramfs.img || goto failed")))).toEqual(
    expect.arrayContaining([
      ipxe("isset @{slurm} || goto start"),
      ipxe("initrd @{base}clump/slurm.img || goto failed"),
      ":start",
    ]),
  );

  const all = parseNodes("* clump.slurm");
  expect(formatIpxeScript(all, { hasSlurm: true })).toContain("\nset slurm initrd=slurm.img\n");
  expect(formatIpxeScript(all, { hasSlurm: false })).not.toContain("set slurm");
});
