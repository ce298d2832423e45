import { expect, test } from "bun:test";
import { type NameOptions, nodeName } from "../../../../init/node/node-name.ts";

test.each<[string, NameOptions, { leased?: string; node?: number }, string]>([
  ["the number", {}, { node: 77 }, "node77"],
  ["the lease before the number", {}, { node: 77, leased: "theirs" }, "theirs"],
  [
    "the number, where the server gives back another node's name",
    {},
    { node: 78, leased: "node77" },
    "node78",
  ],
  ["the command line", { hostname: "mine", hostnamePattern: "pc%d" }, { node: 77, leased: "theirs" }, "mine"],
  ["the pattern before the lease", { hostnamePattern: "pc%d" }, { node: 77, leased: "theirs" }, "pc77"],
  ["the pattern with zeros", { hostnamePattern: "lab-%03d.lan" }, { node: 7 }, "lab-007.lan"],
  ["the lease, where a pattern has no number", { hostnamePattern: "pc%d" }, { leased: "theirs" }, "theirs"],
  ["nobody", {}, {}, "clump"],
])("is the name of %s", (_, options, known, name) => {
  expect(nodeName(options, known)).toBe(name);
});
