/** The menu as its own process, for tests that need one: `session.ts ROOT`. */

import { runMenu } from "../../../../modes/menu/main.ts";

const [root = ""] = process.argv.slice(2);

process.exit(
  await runMenu([], { root, stdout: () => {}, stderr: (text) => void process.stderr.write(text) }),
);
