import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { formatGrubConfig } from "../../../../assets/iso/grub-config.ts";
import { ENTRIES, MEDIA_ENTRIES } from "../../../../modes/serve/entries.ts";

const MEDIUM = formatGrubConfig({
  files: "/clump",
  memoryTest: { pc: "/boot/memtest.bin", efi: "/boot/memtest.efi" },
});
/** The commands of one entry. */
function entryOf(config: string, id: string): string {
  return new RegExp(`^menuentry ".*" --id ${id} \\{\\n([^]*?)^\\}`, "m").exec(config)?.[1] ?? "";
}

test("formatGrubConfig() has an entry for each mode, and then for a boot server, Slurm, memory test and help", () => {
  const ids = [...MEDIUM.matchAll(/^menuentry .* --id (\S+) \{$/gm)].map(([, id]) => id);
  expect(ids).toEqual([...ENTRIES.map(({ id }) => id), "serve", "slurm", "memory", "help"]);
  expect(MEDIUM).toStartWith("set default=clumpos\nset timeout=5\n");
});

test("each entry of a medium boots only what is intact, and has only that checked", () => {
  for (const { id, archive } of [...ENTRIES, ...MEDIA_ENTRIES]) {
    const lines = entryOf(MEDIUM, id).trim().split("\n");
    expect(lines[0]).toBe(`if intact ${archive ? "SHA256SUMS" : "node.sha256"}; then`);
    expect(lines.at(-1)).toBe("  fi");
  }
});

test("a check that fails for want of memory is not taken for a damaged medium alone", () => {
  const check = /function intact \{\n([\s\S]*?)\n\}/.exec(MEDIUM)?.[1];
  expect(check).toContain("Where it says out of memory, the PC has too little");
});

test("the command line ends with the entry's own words", () => {
  const words = "rootfstype=ramfs console=ttyS0,115200 console=tty0";
  expect(entryOf(MEDIUM, "clumpos")).toContain(`linux /clump/vmlinuz ${words}; then\n`);
  expect(entryOf(MEDIUM, "safe")).toContain(`linux /clump/vmlinuz ${words} clump.mode=safe; then\n`);
});

test("the boot server's entry alone loads what is for others", () => {
  expect(entryOf(MEDIUM, "serve")).toContain(
    "console=tty0 clump.serve; then\n      if initrd /clump/initramfs.img /clump/serve.img; then",
  );
  expect(MEDIUM.match(/serve\.img/g)).toHaveLength(1);
  expect(MEDIUM).toContain("hashsum --hash sha256 --check /clump/$1 --prefix /clump; then return 0; fi");
});

test("the entry of Slurm alone loads slurmd", () => {
  expect(entryOf(MEDIUM, "slurm")).toContain(
    "console=tty0 clump.slurm; then\n      if initrd /clump/initramfs.img /clump/slurm.img; then",
  );
  expect(MEDIUM.match(/slurm\.img/g)).toHaveLength(1);
});

test("Shift chooses Expert and does not wait", () => {
  expect(MEDIUM).toContain("if keystatus --shift; then\n  set default=expert\n  set timeout=0\nfi");
});

test("Safe keeps the text mode, the others ask for graphics", () => {
  expect(entryOf(MEDIUM, "safe")).toContain("set gfxpayload=text\n");
  expect(entryOf(MEDIUM, "clumpos")).toContain("set gfxpayload=1024x768x32,");
});

test("blocks that open close again", () => {
  const count = (pattern: RegExp) => [...MEDIUM.matchAll(pattern)].length;
  expect(count(/\bif .*; then/g)).toBe(count(/(^|\s)fi$|; fi$/gm));
  expect(count(/\{$/gm)).toBe(count(/^\}$/gm));
});

test("an entry says what is being loaded, and where memory is short says so and boots nothing", () => {
  for (const { id } of [...ENTRIES, ...MEDIA_ENTRIES]) {
    const lines = entryOf(MEDIUM, id).split("\n");
    const loading = lines.findIndex((line) => line.includes('echo "Loading the system into memory'));
    expect(loading).toBeGreaterThan(0);
    expect(lines.findIndex((line) => line.includes("if linux "))).toBeGreaterThan(loading);
    expect(lines.join().match(/else too_little_memory; fi/g)).toHaveLength(2);
  }
  const refusal = /function too_little_memory \{\n([\s\S]*?)\n\}/.exec(MEDIUM)?.[1]?.split("\n");
  expect(refusal?.[0]).toContain("Cannot load the system: this PC has too little memory");
  expect(refusal?.at(-1)?.trim()).toBe("false");
});

test("docs/problems.md tells what to do about each message", () => {
  const problems = readFileSync("docs/problems.md", "utf8");
  const messages = [...MEDIUM.matchAll(/echo "(Cannot [^"]+)"/g)].map(([, message = ""]) => message);
  expect(messages).toHaveLength(2);
  for (const message of messages) expect(problems).toContain(`| "${message}" |`);
});
