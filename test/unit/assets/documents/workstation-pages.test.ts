import { describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { completions } from "../../../../assets/documents/completions.ts";
import { manPages } from "../../../../assets/documents/man-pages.ts";
import { STATION_OPTIONS } from "../../../../init/station/clump-conf.ts";

const PAGES = manPages("7.0.0");

describe("the man pages of a workstation", () => {
  test("are those of its commands, its services and its options", () => {
    const names = ["clump.1", "clumpview.1", "mosrun.1", "setpe.1", "migrate.1", "clumpd.8", "clump.conf.5"];
    for (const name of names) expect([...PAGES.keys()]).toContain(name);
    expect([...PAGES.keys()]).not.toContain("man.1");
  });

  test("clump(1) tells of each verb of a workstation", () => {
    for (const verb of ["nodes", "jobs", "join", "leave", "key"])
      expect(PAGES.get("clump.1")).toContain(`\\fBclump ${verb}`);
    expect(PAGES.get("clump.1")).not.toContain("clump dhcp");
  });

  test("clump.conf(5) tells of each option, without the marks of a document", () => {
    const page = PAGES.get("clump.conf.5") ?? "";
    for (const option of STATION_OPTIONS) expect(page).toContain(`${option}=`);
    expect(page).not.toMatch(/`|\]\(/);
    expect(page).not.toContain("clump.vnc");
  });

  test.each([...PAGES])("%s begins with its title, and no line of text is a request", (name, text) => {
    expect(text).toMatch(/^\.TH [A-Z.]+ \d "" "clump 7\.0\.0" "clump"\n\.SH "NAME"\n/);
    const requests = new Set(text.match(/^[.']\S+/gm));
    expect(
      [...requests].filter((each) => ![".TH", ".SH", ".TP", ".PP", ".br", ".BR"].includes(each)),
    ).toEqual([]);
    expect(name).toMatch(/\.[158]$/);
  });
});

/** What bash(1) completes at the end of a line. */
function complete(...words: readonly string[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), "completion-"));
  writeFileSync(join(folder, "clump"), completions().get("bash-completion/completions/clump") ?? "");
  const line = words.map((word) => `'${word}'`).join(" ");
  const script = `. ${folder}/clump; COMP_WORDS=(${line}); COMP_CWORD=${words.length - 1}; _clump; echo "\${COMPREPLY[@]}"`;
  const { stdout } = Bun.spawnSync(["bash", "-c", script]);
  rmSync(folder, { recursive: true });
  return stdout.toString().trim().split(" ").filter(Boolean);
}

describe("completion for bash", () => {
  test.each([
    [
      ["clump", "j"],
      ["jobs", "join"],
    ],
    [["clump", "nodes", "--"], ["--json"]],
    [["clump", "key", "s"], ["show"]],
    [["/usr/bin/clumpview", "--on"], ["--once"]],
    [["mosctl", "exp"], ["expel"]],
    [["migrate", ""], []],
  ])("of %p is %p", (words, found) => {
    expect(complete(...words)).toEqual(found);
  });
});

test("completion for fish names verbs and options with their meanings", () => {
  const text = completions().get("fish/vendor_completions.d/clump.fish");
  expect(text).toContain("complete -c clump -n __fish_use_subcommand -f -a join -d 'makes this workstation");
  expect(text).toContain("complete -c clump -n '__fish_seen_subcommand_from nodes' -l json -d '");
});
