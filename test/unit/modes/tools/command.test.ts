import { expect, test } from "bun:test";
import { runTools } from "../../../../modes/tools/command.ts";

async function tools(words: readonly string[], load: () => Promise<string | undefined> = never) {
  const said: string[] = [];
  const say = (text: string) => void said.push(text);
  const code = await runTools(words, { stdout: say, stderr: say }, load);
  return { code, said: said.join("") };
}

const never = () => Promise.reject(new Error("nothing was to be loaded"));

test("clump tools says what is at hand, and where it came from", async () => {
  const first = await tools([], async () => "/dev/sr0");
  expect(first).toEqual({
    code: 0,
    said: expect.stringMatching(/^bash, curl, .* are at hand, from \/dev\/sr0\n$/),
  });
  const again = await tools([], async () => undefined);
  expect(again).toEqual({ code: 0, said: expect.stringMatching(/^bash, curl, .* are at hand\n$/) });
});

test("clump tools says why there are none", async () => {
  expect(await tools([])).toEqual({
    code: 1,
    said: "clump: Cannot load the tools: nothing was to be loaded\n",
  });
});

test("clump tools takes no word but --help", async () => {
  expect(await tools(["all"])).toMatchObject({ code: 2 });
  expect(await tools(["--help"])).toMatchObject({ code: 0 });
});
