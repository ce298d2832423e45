/** The program clumpjobs, from its command line to a signal. */

import { formatHelp, formatRefusal } from "../../system/command-help.ts";
import { reason } from "../../system/log.ts";
import type { Output } from "../../system/output.ts";
import { CLUMPJOBS_HELP, type ClumpjobsOptions, parseClumpjobsOptions } from "./options.ts";

/** systemd starts no daemon again that has finished (clumpjobs.service). */
const EXIT = { ok: 0, usage: 2, finished: 3 } as const;

/** Runs clumpjobs with the words after its name until SIGTERM; gives its exit code. */
export async function runClumpjobs(argv: readonly string[], io: Output): Promise<number> {
  let options: ClumpjobsOptions;
  try {
    options = parseClumpjobsOptions(argv);
  } catch (error) {
    io.stderr(formatRefusal(CLUMPJOBS_HELP, reason(error)));
    return EXIT.usage;
  }
  if (options.help) io.stdout(formatHelp(CLUMPJOBS_HELP));
  else if (options.inject) {
    const { serveInjections } = await import("../migration/injector.ts");
    await serveInjections(io.stdout);
  } else {
    // Shells run programs without the compiler, and bun:ffi needs it: whoever asks for help does not.
    const { serve } = await import("./serve.ts");
    if (await serve(options)) return EXIT.finished;
  }
  return EXIT.ok;
}
