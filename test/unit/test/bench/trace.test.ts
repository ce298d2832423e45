import { expect, test } from "bun:test";
import { traceLine } from "../../../../system/boot-trace.ts";
import { formatTrace } from "../../../bench/trace.ts";

const KERNEL = "[    2.810777] clump: ";

test("formatTrace() shows the events that the node has logged, and nothing else", () => {
  const lines = [
    `${KERNEL}open the kernel log: ok (0.002 s)`,
    KERNEL + traceLine({ at: 103.84, since: 103.84, what: "the runtime has loaded init/main.ts" }),
    KERNEL + traceLine({ at: 159, since: 55.16, what: "find the devices: ok (0.042 s)" }),
  ];
  expect(formatTrace(lines)).toBe(
    [
      "| since the runtime's start, ms | since the row before | what                                |",
      "| ----------------------------- | -------------------- | ----------------------------------- |",
      "| 103.8                         | +103.8               | the runtime has loaded init/main.ts |",
      "| 159.0                         | +55.2                | find the devices: ok (0.042 s)      |",
      "",
    ].join("\n"),
  );
});

test("formatTrace() has no table of a node that traces nothing", () => {
  expect(formatTrace([`${KERNEL}open the kernel log: ok (0.002 s)`])).toBeUndefined();
});
