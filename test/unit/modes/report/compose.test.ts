import { expect, test } from "bun:test";
import { composeReport, reportName } from "../../../../modes/report/compose.ts";

test("composeReport() puts each part under a line of its own, and says where there is nothing", () => {
  const heading = { version: "7.0.0", hostname: "pc7", time: new Date(0), uptime: "1 min 3 s" };
  const parts = [
    { title: "memory", text: "MemTotal: 1\n\n" },
    { title: "map", text: "" },
  ];
  expect(composeReport(heading, parts).split("\n")).toEqual([
    "clump 7.0.0, report of pc7, 1970-01-01T00:00:00.000Z by its clock, up 1 min 3 s",
    "",
    `--- memory ${"-".repeat(69)}`,
    "MemTotal: 1",
    "",
    `--- map ${"-".repeat(72)}`,
    "(nothing)",
    "",
  ]);
});

test.each([
  [{ hostname: "pc7", number: 7, mac: "52:54:00:12:34:56" }, "clump-pc7-node7-525400123456.txt"],
  [{ hostname: "clump", number: undefined, mac: "52:54:00:12:34:56" }, "clump-525400123456.txt"],
  [{ hostname: "a/../b c", number: undefined, mac: undefined }, "clump-a-..-b-c.txt"],
  [{ hostname: "node15", number: 15, mac: "52:54:00:12:34:56" }, "clump-node15-525400123456.txt"],
])("reportName() of %j is %s", (node, name) => {
  expect(reportName(node)).toBe(name);
});
