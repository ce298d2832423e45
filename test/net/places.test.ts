/** What one neighbour can hold of a server that other machines need, too. */

import { expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { createLab, TEST_LIMIT } from "./lab.ts";

const SCRIPT = (name: string) => [process.execPath, `${import.meta.dir}/${name}.ts`];
const CLUMPWEB = [process.execPath, "init/main.ts", "clumpweb", "--root"];

test.each<[string, (folder: string) => readonly string[], RegExp, number]>([
  ["the boot server", (folder) => [...SCRIPT("boot-server"), folder], /started/, 64],
  ["the web view", (folder) => [...CLUMPWEB, folder], /web view is on port 8080/, 24],
])(
  "one neighbour holds a quarter of the places of %s at most, and loses them",
  async (_, command, started, places) => {
    await using lab = await createLab();
    writeFileSync(`${lab.files}/kernel`, "hello");
    for (const address of ["10.9.0.9", "10.9.0.10"])
      await lab.run("client", `ip addr add ${address}/24 dev eth0`);
    await lab.start("server", command(lab.files)).expect(started);
    const holder = [...SCRIPT("connection-holder"), "10.9.0.1", "8080", "100", "10.9.0.9"];
    expect((await lab.start("client", holder).expect(/holds (\d+)/))[1]).toBe(`${places}`);
    // Any answer shows that the server has heard.
    const ask = (from: string) =>
      lab.run(
        "client",
        `curl -sS -m 5 -o /dev/null -w %{http_code} http://10.9.0.1:8080/kernel --interface ${from}`,
      );
    await expect(ask("10.9.0.9")).rejects.toThrow("Cannot run curl");
    expect(await ask("10.9.0.10")).toMatch(/^[2-5]\d\d$/);
    const start = performance.now();
    let answer = "";
    while (answer === "") answer = await ask("10.9.0.9").catch(() => "");
    expect(performance.now() - start).toBeLessThan(30_000);
  },
  TEST_LIMIT,
);
