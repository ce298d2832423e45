/** `npm run clumpview`: clumpview in this terminal, also with the options that npm has taken for its own. */

import { runClumpview } from "../modes/clumpview/main.ts";
import { CLUMPVIEW_OPTIONS } from "../modes/clumpview/options.ts";
import { takeBackFromNpm } from "./command-line/npm-config.ts";
import { runScript } from "./command-line/options.ts";

await runScript(async () => {
  const options = Object.entries(CLUMPVIEW_OPTIONS);
  const argv = takeBackFromNpm(process.argv.slice(2), {
    call: "npm run clumpview",
    names: options.map(([name]) => name),
    flags: options.filter(([, { type }]) => type === "boolean").map(([name]) => name),
    env: process.env,
  });
  process.exit(await runClumpview(argv));
});
