/** Each line of docs/getting-started.md that boots one node or none is typed as written into a fresh clone. */

import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { Clone } from "../lib/newcomer/clone.ts";
import { type Answers, MACHINE_LINES, succeeds } from "../lib/newcomer/getting-started.ts";
import { Terminal } from "../lib/newcomer/terminal.ts";

let clone: Clone;

beforeAll(async () => {
  clone = await Clone.make();
}, 120_000);

afterAll(() => clone?.[Symbol.dispose]());

const ANSWERS: Answers = {
  async "npm start"(line) {
    const { output } = await succeeds(clone, line);
    expect(output).toMatch(/^mode +ClumpOS$/m);
    expect(output).toMatch(/^node +15$/m);
    expect(output).toMatch(/^address +10\.0\.2\.15\/24 on eth0$/m);
    expect(output).toMatch(/^NIC +\S+ 1af4:1000 virtio_net -> eth0$/m);
    expect(output).toMatch(/^map +1 10\.0\.2\.1 254$/m);
  },
  async "npm run clumpview -- --demo 100"(line) {
    await using screen = new Terminal(clone, line);
    await screen.sees("100 nodes");
    screen.type("q");
    expect(await screen.ended).toBe(0);
  },
  async "npm run iso"(line) {
    await succeeds(clone, line);
    expect(existsSync(join(clone.path, "dist/clump.iso"))).toBe(true);
  },
  async "dd if=dist/clump.iso of=/dev/sdX"(line) {
    await succeeds(clone, line.replace("/dev/sdX", "stick"));
    expect(statSync(join(clone.path, "stick")).size).toBe(statSync(join(clone.path, "dist/clump.iso")).size);
  },
  // This test is a part of it.
  "npm test": async () => {},
};

test("the document has each line that is asked more than to succeed", () => {
  for (const line of Object.keys(ANSWERS)) expect(MACHINE_LINES).toContain(line);
});

test.each(MACHINE_LINES)("docs/getting-started.md: %s", async (line) => {
  await (ANSWERS[line] ?? ((each) => succeeds(clone, each)))(line);
});
