import { describe, expect, test } from "bun:test";
import { parseClusterOptions, parseControl } from "../../../../cluster/daemon/options.ts";

const DEFAULT = { discovery: "map", control: { address: "127.0.0.1", port: 5430 } } as const;

describe("parseClusterOptions()", () => {
  test.each([
    ["", DEFAULT],
    ["console=ttyS0 quiet", DEFAULT],
    ['"clump.key=a long one" clump.discovery=omdiscd', { ...DEFAULT, discovery: "omdiscd" }],
    ["clump.discovery=static clump.discovery=nonsense", { ...DEFAULT, discovery: "static" }],
    ["clump.control=0.0.0.0:99 clump.control=x", { ...DEFAULT, control: { address: "0.0.0.0", port: 99 } }],
    ["xclump.discovery=static clump.discoverys=static", DEFAULT],
  ] as const)("reads %j", (text, options) => {
    expect(parseClusterOptions(`BOOT_IMAGE=/vmlinuz ${text}\n`)).toEqual(options);
  });
});

test.each([
  ["10.0.0.1:5430", { address: "10.0.0.1", port: 5430 }],
  ["10.0.0.1", { address: "10.0.0.1", port: 5430 }],
  ["99", { address: "127.0.0.1", port: 99 }],
  [":99", { address: "127.0.0.1", port: 99 }],
  ["", undefined],
  ["host:99", undefined],
  ["10.0.0.1:0", undefined],
  ["300.0.0.1:99", undefined],
  ["10.0.0.1:65536", undefined],
])("parseControl(%j) is %j", (value, control) => {
  expect(parseControl(value)).toEqual(control);
});
