import { expect, test } from "bun:test";
import {
  drawArchitecture,
  findEdges,
  folderOf,
  sortByImports,
} from "../../../../assets/documents/picture.ts";

const importing = (...modules: string[]): string =>
  modules.map((module) => `${"import"} { a } from "${module}";\n`).join("");

const TREE = new Map([
  ["modes/web/server.ts", importing("../figures/facts.ts", "../mode.ts", "node:http", "../../system/log.ts")],
  ["modes/web/page/main.ts", importing("../../figures/facts.ts")],
  ["modes/figures/facts.ts", ""],
  ["modes/mode.ts", importing("./figures/facts.ts")],
  ["system/log.ts", ""],
]);

test("a file's folder is that of the second level", () => {
  expect(["modes/mode.ts", "modes/web/server.ts", "modes/web/page/main.ts"].map(folderOf)).toEqual([
    "modes",
    "modes/web",
    "modes/web",
  ]);
});

test("edges are the imports between the folders of a layer, each once", () => {
  expect(findEdges(TREE)).toEqual([
    { from: "modes/web", to: "modes/figures" },
    { from: "modes/web", to: "modes" },
    { from: "modes", to: "modes/figures" },
  ]);
});

test("a folder stands above the folders that it imports, and two that import each other end the search", () => {
  const folders = ["modes", "modes/figures", "modes/web"].map((path) => ({ path, summary: "" }));
  const paths = (sorted: typeof folders) => sorted.map(({ path }) => path);
  expect(paths(sortByImports(folders, findEdges(TREE)))).toEqual(["modes/web", "modes", "modes/figures"]);
  const both = [
    { from: "modes", to: "modes/web" },
    { from: "modes/web", to: "modes" },
  ];
  expect(paths(sortByImports(folders, both))).toContain("modes/figures");
});

test("the picture has every folder, a line for each edge, and depends on nothing else", () => {
  const picture = drawArchitecture(TREE);
  expect(picture).toContain(">web/<");
  expect(picture).toContain(">modes/*.ts<");
  expect(picture.match(/<path d="M[\d.]+ [\d.]+C/g)).toHaveLength(3);
  expect(drawArchitecture(new Map([...TREE, ["modes/web/other.ts", importing("../mode.ts")]]))).toBe(picture);
});
