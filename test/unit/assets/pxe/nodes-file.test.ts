import { expect, test } from "bun:test";
import { readNodesFile } from "../../../../assets/pxe/nodes-file.ts";
import { makeRoot } from "../../../fixtures/root.ts";

test("readNodesFile() reads a file, and without one there are no parameters", () => {
  using root = makeRoot({ "/nodes": "* debug\n" });
  expect(readNodesFile(`${root.path}/nodes`)).toEqual({ all: "debug", byMac: new Map() });
  expect(readNodesFile(undefined)).toEqual({ all: "", byMac: new Map() });
});

test("readNodesFile() says why it cannot read a file", () => {
  using root = makeRoot({ "/nodes": "what is this\n" });
  expect(() => readNodesFile("/absent")).toThrow(
    "Cannot read the parameters of nodes in /absent: there is no such file",
  );
  expect(() => readNodesFile(root.path)).toThrow(/: it is a folder, and a file was wanted$/);
  expect(() => readNodesFile(`${root.path}/nodes`)).toThrow('Cannot read line 1 "what is this"');
});
