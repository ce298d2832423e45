/** `npm run ok`: types, lint and the unit tests, side by side. */

import { refuseWords, runScript } from "../assets/command-line/options.ts";
import { runSideBySide } from "./lib/side-by-side.ts";
import { SUITES } from "./suites.ts";

const NAMES = ["types", "lint", "unit"];

await runScript(async () => {
  refuseWords({ call: "npm run ok", does: "Checks types, lint and the unit tests." }, process.argv.slice(2));
  const suites = SUITES.filter(({ name }) => NAMES.includes(name));
  const passed = await runSideBySide(suites, (text) => process.stdout.write(text));
  process.exitCode = passed ? 0 : 1;
});
