import { expect, test } from "bun:test";
import { parseControl } from "../../../../cluster/daemon/control-address.ts";

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
