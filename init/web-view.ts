/** The web view of this node, which runs only where somebody asks for it. */

import { randomInt } from "node:crypto";
import type { WebStatus } from "../modes/clumpview/status.ts";
import { chooseAccess, readAccess, writeAccess } from "../modes/desk/access.ts";
import { webService } from "../modes/web/service.ts";
import type { Machine } from "./machine/machine.ts";
import type { Supervisor } from "./supervisor.ts";

export interface WebViewOptions {
  /** TCP port. */
  readonly port: number;
  /** As it was typed; one is made where there is none yet. */
  readonly password: string | undefined;
}

/**
 * Starts its service, behind the password that VNC has where there is one; gives what the screen says of it.
 * @throws the error of the file system
 */
export function startWebView(
  { root }: Pick<Machine, "root">,
  supervisor: Pick<Supervisor, "start">,
  { port, password }: WebViewOptions,
): WebStatus {
  const known = readAccess(root);
  const access = known ?? chooseAccess(password, (below) => randomInt(below));
  if (known === undefined) writeAccess(root, access);
  supervisor.start(webService(port));
  return { port, isOpen: access.password === undefined };
}
