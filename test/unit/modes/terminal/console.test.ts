import { afterAll, beforeAll, expect, test } from "bun:test";
import { readdirSync, readlinkSync } from "node:fs";
import { Console } from "../../../../modes/terminal/console.ts";
import { until } from "../../../lib/until.ts";

let path = "";
/** A process whose terminal the consoles of the tests open. */
let holder: Bun.Subprocess;

beforeAll(async () => {
  const named = Promise.withResolvers<void>();
  let said = "";
  holder = Bun.spawn(["sh", "-c", "tty; exec sleep 60"], {
    terminal: {
      cols: 80,
      rows: 25,
      data(_terminal, bytes) {
        said += Buffer.from(bytes).toString();
        if (said.includes("\n")) named.resolve();
      },
    },
  });
  await named.promise;
  path = said.split("\r")[0] ?? "";
});

afterAll(async () => {
  holder.kill("SIGKILL");
  await holder.exited;
});

/** The descriptors of this process that lead to the terminal. */
function descriptors(): string[] {
  return readdirSync("/proc/self/fd").filter((descriptor) => {
    try {
      return readlinkSync(`/proc/self/fd/${descriptor}`) === path;
    } catch {
      // The descriptor that reads the folder is gone by now.
      return false;
    }
  });
}

test("a console that is closed leaves no descriptor of its terminal open", async () => {
  const before = descriptors();
  for (let turn = 0; turn < 3; turn++) {
    const console = new Console(path, {
      staysRaw: true,
      abilities: {},
      onBytes: () => {},
      onGone: () => {},
    });
    expect(console.size()).toEqual({ width: 80, height: 25 });
    await console.close();
  }
  // A descriptor of Bun's own is closed a moment later.
  await until(() => descriptors().length === before.length, { within: 5 });
});
