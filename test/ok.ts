/** `npm run ok`: types, lint and the unit tests, side by side. */

import { runSideBySide } from "./lib/side-by-side.ts";
import { SUITES } from "./suites.ts";

const NAMES = ["types", "lint", "unit"];

const suites = SUITES.filter(({ name }) => NAMES.includes(name));
const passed = await runSideBySide(suites, (text) => process.stdout.write(text));
process.exitCode = passed ? 0 : 1;
