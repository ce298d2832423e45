/** A shell on one terminal of the node's screen, in the place of the page. */

import { closeSync, constants, existsSync, openSync } from "node:fs";
import { PATHS } from "../../system/state/paths.ts";
import { onTerminal, shellCommand, shellService } from "../shell-service.ts";

/** The page leaves the terminal raw, which programs of a shell do not expect. */
const SCRIPT = `stty sane; printf '\\033[0m\\033[2J\\033[H'
echo 'exit or Ctrl-D leads back to the screen of this node'
exec "$@"`;

export interface Shell {
  readonly ended: Promise<unknown>;
  /** Ends the shell as the loss of its terminal would. */
  hangUp(): void;
}

/** Opens a login shell, which asks for the password of the shells where there is one. @throws the error of the terminal */
export function openShell(root: string, path: string): Shell {
  const isLocked = existsSync(root + PATHS.shellLock);
  const { environment } = shellService(path, isLocked);
  const command = onTerminal(["/bin/sh", "-c", SCRIPT, "sh", ...shellCommand(isLocked)]);
  const terminal = openSync(path, constants.O_RDWR | constants.O_NOCTTY);
  try {
    const child = Bun.spawn([...command], {
      stdio: [terminal, terminal, terminal],
      env: { PATH: process.env["PATH"] ?? "/usr/sbin:/usr/bin", ...environment },
    });
    return { ended: child.exited, hangUp: () => child.kill("SIGHUP") };
  } finally {
    closeSync(terminal);
  }
}
