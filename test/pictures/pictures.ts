/** `npm run pictures`: the screens of the documents, of machines and of Chromium as they are today. */

import { mkdirSync } from "node:fs";
import { readOptions, runScript } from "../../assets/command-line/options.ts";
import { PICTURES } from "./keep.ts";
import { takeMedium } from "./medium.ts";
import { takeNodes } from "./nodes.ts";
import { takeShells } from "./shells.ts";
import { takeWeb } from "./web.ts";

const GROUPS: Readonly<Record<string, () => Promise<void>>> = {
  web: takeWeb,
  medium: takeMedium,
  nodes: takeNodes,
  shells: takeShells,
};

const NAMES = Object.keys(GROUPS).join(", ");

async function takePictures(): Promise<void> {
  const script = {
    call: "npm run pictures",
    usage: "[group]",
    does: `Takes the pictures of docs/pictures, in QEMU and Chromium: of one group (${NAMES}), or all.`,
    options: {},
    words: 1,
  };
  const { words } = readOptions(script, process.argv.slice(2));
  const unknown = words.find((word) => !Object.hasOwn(GROUPS, word));
  if (unknown !== undefined)
    throw new RangeError(
      `Cannot take pictures of ${unknown}: there is no such group, and one of ${NAMES} was wanted`,
    );
  mkdirSync(PICTURES, { recursive: true });
  for (const [name, take] of Object.entries(GROUPS))
    if (words.length === 0 || words.includes(name)) await take();
}

if (import.meta.main) await runScript(takePictures);
