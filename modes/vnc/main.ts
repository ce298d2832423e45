/** The program clumpvnc: from the first connection to the VNC port until a minute after the last. */

import { hostname } from "node:os";
import type { CommandIo } from "../../cluster/commands/mosctl.ts";
import { formatHelp, formatRefusal } from "../../system/command-help.ts";
import { openServiceLog, reason } from "../../system/log.ts";
import { RateLimitedLog } from "../../system/rate-limited-log.ts";
import { Desktop } from "./desktop.ts";
import { CLUMPVNC_HELP, type ClumpvncOptions, parseClumpvncOptions } from "./options.ts";
import { VncRelay } from "./relay.ts";
import { xServerCommand } from "./x-server.ts";

const EXIT = { ok: 0, failed: 1, usage: 2 } as const;
/** Of the X server, on the loopback; below the ports that the kernel gives to connections. */
const X_SERVER_PORT = 15_900;
const DISPLAY = ":0";
/** Without client and desktop clumpvnc ends after so long: a health check each minute does not start it each time. */
const IDLE_MILLISECONDS = 70_000;

/** Runs clumpvnc until nobody has looked for a while, or a signal. Returns the exit code. */
export async function runClumpvnc(argv: readonly string[], io: CommandIo): Promise<number> {
  let options: ClumpvncOptions;
  try {
    options = parseClumpvncOptions(argv);
  } catch (error) {
    io.stderr(formatRefusal(CLUMPVNC_HELP, reason(error)));
    return EXIT.usage;
  }
  if (!options.help) return await relay(options);
  io.stdout(formatHelp(CLUMPVNC_HELP));
  return EXIT.ok;
}

async function relay(options: ClumpvncOptions): Promise<number> {
  const exit = Promise.withResolvers<number>();
  const log = openServiceLog("clumpvnc");
  const idle = setTimeout(() => (isInUse() ? idle.refresh() : exit.resolve(EXIT.ok)), IDLE_MILLISECONDS);
  const desktop = new Desktop(
    {
      mount: ["/usr/lib/clump/archive", "mount", "desktop"],
      server: xServerCommand(options, { display: DISPLAY, port: X_SERVER_PORT, title: hostname() }),
      session: ["/usr/lib/clump/desktop/session"],
    },
    X_SERVER_PORT,
    (status) => {
      idle.refresh();
      if (status === 0) return;
      log.warn(`the X server ended with ${status === null ? "a signal" : `status ${status}`}`);
      exit.resolve(EXIT.failed);
    },
  );
  const door = new VncRelay({
    connect: (from) => desktop.connect(from),
    deserted: () => idle.refresh(),
    log: new RateLimitedLog(log),
  });
  const isInUse = () => door.clients > 0 || desktop.runs;
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => exit.resolve(EXIT.ok));
  // Process 1 sends it before SIGTERM, for shells.
  process.on("SIGHUP", () => {});
  try {
    await door.listen({ fd: 0 });
  } catch (error) {
    log.error(
      `Cannot take VNC viewers: ${reason(error)}, and a listening socket on standard input was wanted`,
    );
    return EXIT.failed;
  }
  const code = await exit.promise;
  door.close();
  await desktop.stop();
  return code;
}
