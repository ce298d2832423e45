import { expect, test } from "bun:test";
import { runSlurm } from "../../../../modes/slurm/command.ts";
import { makeRoot } from "../../../fixtures/root.ts";

const STATUS = {
  version: "7",
  hostname: "x",
  mode: "Expert",
  nics: [],
  problems: [],
  warnings: [],
  node: 77,
};
const CPU =
  "flags\t\t: fpu cx16 lahf_lm popcnt pni sse4_1 sse4_2 ssse3 abm avx avx2 bmi1 bmi2 f16c fma movbe xsave\n";

async function ask(files: Readonly<Record<string, string>>, ...words: readonly string[]) {
  using root = makeRoot(files);
  const [stdout, stderr]: [string[], string[]] = [[], []];
  const code = await runSlurm(words, {
    root: root.path,
    stdout: (text) => void stdout.push(text),
    stderr: (text) => void stderr.push(text),
  });
  return { code, stdout: stdout.join(""), stderr: stderr.join("") };
}

test("clump slurm key prints one line of 1,024 bytes that follows from the cluster key alone", async () => {
  const first = await ask({ "/etc/clump.key": "room7\n" }, "key");
  expect(first).toMatchObject({ code: 0, stderr: "" });
  expect(first.stdout).toMatch(/^[A-Za-z0-9+/]{1023}\n$/);
  expect((await ask({ "/etc/clump.key": "room7" }, "key")).stdout).toBe(first.stdout);
  expect((await ask({ "/etc/clump.key": "room8" }, "key")).stdout).not.toBe(first.stdout);
  // The controller keeps its file when the nodes boot a newer release.
  expect(new Bun.CryptoHasher("sha256").update(first.stdout).digest("hex")).toBe(
    "3f6f24c47e1c5cee8fb5b78153450c17038038665864cc9df611fb914f349624",
  );
});

test("clump slurm key wants a cluster key", async () => {
  const { code, stderr } = await ask({}, "key");
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: "clump: Cannot make a munge key: clump.key= was wanted, and this node has none\n",
  });
});

test("clump slurm features prints clump, the level of the processor and the number in the map", async () => {
  const files = { "/run/clump/status.json": JSON.stringify(STATUS), "/proc/cpuinfo": CPU };
  expect(await ask(files, "features")).toMatchObject({ code: 0, stdout: "clump,x86-64-v3,node77\n" });
});

test.each([
  [[], "Cannot do nothing: key or features was wanted"],
  [["drain"], 'Cannot use "drain": key or features was wanted'],
  [["key", "new"], 'Cannot use "new": key or features was wanted'],
])("clump slurm %p is refused", async (words, complaint) => {
  const { code, stderr } = await ask({}, ...words);
  expect(code).toBe(2);
  expect(stderr).toContain(complaint);
});
