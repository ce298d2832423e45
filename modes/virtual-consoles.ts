/** What is behind the screen: a shell, the kernel's log and the report of the boot, by Alt-F2, F3 and F4. */

import { sedSecrets } from "../system/secrets.ts";
import type { Service, ServiceSetting } from "./service.ts";
import { shellService } from "./shell-service.ts";

/** A record's sequence number, level, microseconds and flags before its text; Documentation/ABI/testing/dev-kmsg. */
const KMSG_TO_TEXT = [
  // Lines that begin with a blank name the device of the line above.
  "/^ /d",
  "s/^[0-9]+,[0-9]+,([0-9]*)([0-9]{3})[0-9]{3},[^;]*;/[\\1.\\2] /",
  "s/^[0-9]+,[^;]*;/[0.000] /",
  sedSecrets(),
].join(";");

/** The lines of process 1 and of the daemon, as they stand in the output of dmesg(1). */
const OWN_LINES = `/\\] clump(d|web|serve)?: /{${sedSecrets()};p}`;
const REPORT_TITLE = "What clump has done since it started. Arrows and Page keys scroll, q reads it again.";
/** less(1) opens and saves files by keys, and this console asks for no password, so less runs as nobody. */
const PAGER = "su -s /usr/bin/less -- nobody -M";

/** Those of the virtual consoles that the kernel's own messages and clumpview are not on; none without a screen. */
export function virtualConsoleServices({
  consoles,
  locksShells,
}: Pick<ServiceSetting, "consoles" | "locksShells">): readonly Service[] {
  if (!consoles.includes("/dev/tty1")) return [];
  const services = [
    shellService("/dev/tty2", locksShells),
    logService("/dev/tty3"),
    reportService("/dev/tty4"),
  ];
  return services.filter(({ console }) => !consoles.includes(console ?? ""));
}

/** All that is in the kernel's log, and what comes. */
function logService(console: string): Service {
  return {
    name: `kernel log on ${console}`,
    command: ["/bin/sed", "-E", "-e", KMSG_TO_TEXT, "/dev/kmsg"],
    console,
    whenDone: "start again",
  };
}

function reportService(console: string): Service {
  const script = `{ echo "${REPORT_TITLE}"; dmesg | sed -n -E '${OWN_LINES}'; } | ${PAGER}`;
  return {
    name: `boot report on ${console}`,
    command: ["/usr/bin/setsid", "-c", "/bin/sh", "-c", script],
    environment: { TERM: "linux" },
    console,
    whenDone: "start again",
  };
}
