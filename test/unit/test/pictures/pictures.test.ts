import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";

const PICTURES = readdirSync("docs/pictures");
const TAKERS = readdirSync("test/pictures").map((name) => readFileSync(`test/pictures/${name}`, "utf8"));
const DOCUMENTS = ["README.md", ...readdirSync("docs").map((name) => `docs/${name}`)];

test.each(PICTURES)("npm run pictures takes %s, and a document shows it", (picture) => {
  const [mode = ""] = picture.split(".");
  const isShell = TAKERS.some((text) => text.includes(`"${mode}"`) && /\$\{mode\}\.png/.test(text));
  expect(isShell || TAKERS.some((text) => text.includes(`"${picture}"`))).toBe(true);
  const shown = DOCUMENTS.filter((path) => path.endsWith(".md")).some((path) =>
    readFileSync(path, "utf8").includes(`pictures/${picture})`),
  );
  expect(shown).toBe(true);
});
