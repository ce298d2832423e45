/** clumpview as its own process, for tests that need one: `session.ts ROOT [words of clumpview]`. */

import { runClumpview } from "../../../../modes/clumpview/main.ts";

const [root = "", ...argv] = process.argv.slice(2);

process.exit(
  await runClumpview(argv, {
    root,
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
  }),
);
