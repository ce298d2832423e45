import { describe, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { makeDocuments } from "../../assets/documents/documents.ts";
import { CONTROL_PORT } from "../../cluster/daemon/control-address.ts";
import { DISCOVERY_PORT } from "../../cluster/discovery/packet.ts";
import { GOSSIP_PORT } from "../../cluster/gossip/packet.ts";
import { VERBS } from "../../init/clump.ts";
import { OPTION_NAMES } from "../../init/options/parameters.ts";
import { VNC_PORT } from "../../modes/services.ts";
import { WEB_PORT } from "../../modes/web/port.ts";
import packageJson from "../../package.json";
import {
  brokenLinks,
  type Documents,
  headingAnchors,
  missingPaths,
  namedScripts,
  namedVerbs,
  staleQuotes,
  unknownOptions,
} from "./documents.ts";

const PROJECT = join(import.meta.dir, "../..");
const DOCUMENTS: Documents = new Map(
  [
    ...[
      "README.md",
      "CHANGELOG.md",
      "cluster/gossip/README.md",
      "probes/dhcp/rfc2131.md",
      "test/net/README.md",
    ],
    ...readdirSync(join(PROJECT, "docs"))
      .filter((name) => name.endsWith(".md"))
      .map((name) => `docs/${name}`),
  ].map((path) => [path, read(path)]),
);
/** A file and the name of a test in it, as the tables write them. */
const NAMED = /`([\w./-]+\.test\.ts)` "([^"]+)"/g;
const PROGRAM = ["assets", "cluster", "init", "modes", "probes", "system"];
const FOLDERS = [...PROGRAM, "docs", "test"];
/** What the kernel says, and not the program. */
const KERNEL_MESSAGES = "Initramfs unpacking failed: write error";
/** Files of that name, which are no options. */
const FILES = ["clump.conf", "clump.iso", "clump.key", "clump.service"];

function read(path: string): string {
  return readFileSync(join(PROJECT, path), "utf8");
}

/** The texts of all sources of a folder. */
function readFolder(folder: string): string[] {
  const names = readdirSync(join(PROJECT, folder), { recursive: true, encoding: "utf8" });
  return names.filter((name) => /\.(ts|sh)$/.test(name)).map((name) => read(`${folder}/${name}`));
}

function exists(path: string): boolean {
  return existsSync(join(PROJECT, path));
}

function lines(text: string): number {
  return text.trimEnd().split("\n").length;
}

describe("the documents", () => {
  test("link to files and headings that exist", () => {
    expect(brokenLinks(DOCUMENTS, exists)).toEqual([]);
  });

  test("name no option of ours that does not exist", () => {
    expect(unknownOptions(DOCUMENTS, OPTION_NAMES, FILES)).toEqual([]);
  });

  test("name no file of the project that does not exist", () => {
    expect(missingPaths(DOCUMENTS, FOLDERS, exists)).toEqual([]);
  });

  test("name each script that a person runs, and no script that does not exist", () => {
    const named = namedScripts([...DOCUMENTS.values()].join("\n"));
    const scripts = Object.keys(packageJson.scripts);
    const parts = ["types", "lint"];
    expect(scripts.filter((name) => !parts.includes(name) && !named.includes(name))).toEqual([]);
    expect(named.filter((name) => !scripts.includes(name))).toEqual([]);
  });

  test("name each verb of clump, and no verb that does not exist", () => {
    const verbs = Object.keys(VERBS);
    expect(namedVerbs([...DOCUMENTS.values()].join("\n")).toSorted()).toEqual(verbs.toSorted());
  });

  test("are each linked from the README, which is a page", () => {
    const readme = read("README.md");
    const unlinked = [...DOCUMENTS.keys()].filter(
      (path) => path.startsWith("docs/") && !readme.includes(`](${path})`),
    );
    expect(unlinked).toEqual([]);
    expect(lines(readme)).toBeLessThanOrEqual(90);
  });
});

test.each([...makeDocuments()])("%s is as `npm run documents` makes it", (path, text) => {
  expect(read(path)).toBe(text);
});

test("docs/problems.md quotes messages that the program or its boot loader says", () => {
  const sources = [...PROGRAM.flatMap(readFolder), KERNEL_MESSAGES];
  expect(staleQuotes(read("docs/problems.md"), sources)).toEqual([]);
});

test("docs/architecture.md names each folder of assets/ and test/ but for what the tests share", () => {
  const text = read("docs/architecture.md");
  const folders = ["assets", "test"].flatMap((top) =>
    readdirSync(join(PROJECT, top), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => `${top}/${name}/`),
  );
  const shared = ["test/lib/", "test/fixtures/"];
  expect(folders.filter((path) => !text.includes(`\`${path}\``) && !shared.includes(path))).toEqual([]);
});

test("docs/security.md lists every port", () => {
  const ports = [DISCOVERY_PORT, GOSSIP_PORT, CONTROL_PORT, VNC_PORT, WEB_PORT];
  expect(ports.filter((port) => !read("docs/security.md").includes(String(port)))).toEqual([]);
});

describe.each([
  ["probes/dhcp/rfc2131.md", "test/unit/probes/dhcp"],
  ["test/net/README.md", ""],
])("%s", (document, folder) => {
  const text = read(document);
  const named = [...text.matchAll(NAMED)].map(([, file = "", name = ""]) => [file, name] as const);

  test.each(named)("names a test of %s that exists: %s", (file, name) => {
    const path = file.includes("/") ? file : join(folder, file);
    expect(read(path)).toContain(`"${name}"`);
  });

  test("has a test in every row", () => {
    const rows = text
      .split("\n")
      .filter((line) => line.startsWith("| ") && !/^\| (---|section|\| pain)/.test(line));
    expect(rows.length).toBeGreaterThan(10);
    const bare = rows.filter((row) => row.match(NAMED) === null);
    expect(bare).toEqual([]);
  });
});

describe("the rules of the documents", () => {
  const documents = (text: string): Documents =>
    new Map([
      ["docs/a.md", text],
      ["b.md", "# The `map`, and why\n"],
    ]);
  const isThere = (path: string) => ["docs/a.md", "b.md"].includes(path);

  test.each([
    ["a file that is missing", "[x](c.md)", ["docs/a.md links to docs/c.md, which does not exist"]],
    [
      "a heading that is missing",
      "[x](../b.md#maps)",
      ["docs/a.md links to the heading #maps, which b.md lacks"],
    ],
    [
      "a heading of its own",
      "# Y\n[x](#y) [x](#z)",
      ["docs/a.md links to the heading #z, which docs/a.md lacks"],
    ],
    [
      "what exists, other sites, and code",
      "[x](../b.md#the-map-and-why) [y](http://z)\n```\n[x](c)\n```\n",
      [],
    ],
  ])("links: %s", (_name, text, breaches) => {
    expect(brokenLinks(documents(text), isThere)).toEqual(breaches);
  });

  test("anchors are those of GitHub", () => {
    expect(headingAnchors("# VNC, and a key\n## `clump.key=` 2\n```\n# no\n```\n")).toEqual([
      "vnc-and-a-key",
      "clumpkey-2",
    ]);
  });

  test("options: unknown ones, and files", () => {
    expect(
      unknownOptions(documents("`clump.a` clump.b= http://x/clump.c clump.iso"), ["clump.a"], FILES),
    ).toEqual(["docs/a.md names the option clump.b, which does not exist"]);
  });

  test("quotes of messages, with anything for numbers and ellipses", () => {
    const sources = ["say(`node ` + id + ` is gone, ` +\n  `see why`)"];
    const table = '| "node 7 is gone, see why" | "not quoted" |\n| "is gone, …" or "has gone, …" | |\n';
    expect(staleQuotes(table, sources)).toEqual(["has gone, …"]);
  });

  test("scripts, wherever code is", () => {
    expect(namedScripts("`npm run ok` npm run no\n```sh\nnpm start -- x\n```\n`npm test` `npm run`")).toEqual(
      ["start", "ok", "test"],
    );
  });

  test("verbs, in code alone", () => {
    expect(
      namedVerbs("clump no `clump a --b` `clump could not` `clump c|d E`\n```\n    clump f\n```\n"),
    ).toEqual(["f", "a", "could", "c", "d"]);
  });

  test("paths in the folders of the project", () => {
    expect(missingPaths(documents("`docs/a.md` `docs/x.md` `etc/x`"), ["docs"], isThere)).toEqual([
      "docs/a.md names docs/x.md, which does not exist",
    ]);
  });
});
