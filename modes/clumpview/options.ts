/** The command line of clumpview. */

import { parseArgs } from "node:util";

export interface ClumpviewOptions {
  /** Terminals to show this node on; none means the one it was typed at. */
  readonly consoles: readonly string[];
  readonly ascii: boolean;
  readonly once: boolean;
  readonly help: boolean;
}

export const CLUMPVIEW_USAGE = `Usage: clumpview [--ascii] [--once]
       clumpview --console /dev/tty1 [--console /dev/ttyS0 ...]
  --console PATH  show this node there, and leave by ESC alone
  --ascii         no boxes and blocks
  --once          print one page and leave
  --drone, --svgalib  the old words, which change nothing here
`;

/** @throws TypeError naming the word that is no option */
export function parseClumpviewOptions(argv: readonly string[]): ClumpviewOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      console: { type: "string", multiple: true, default: [] },
      ascii: { type: "boolean", default: false },
      once: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
      drone: { type: "boolean" },
      svgalib: { type: "boolean" },
    },
  });
  return {
    consoles: [...new Set(values.console)],
    ascii: values.ascii,
    once: values.once,
    help: values.help,
  };
}
