/** This node's files for the other nodes: a program of its own serves them, with the rights of the user who asks. */

import { rmSync, writeFileSync } from "node:fs";
import { replaceFile } from "../../system/files.ts";
import { RUN_FOLDER } from "../../system/state/paths.ts";
import { KEY_PATH } from "../security/key.ts";
import { FILE_PATHS, FILE_PROGRAMS, FILES_PORT } from "./paths.ts";
import { becomesReady, type ReadyChild } from "./ready-child.ts";

export interface FileServerOptions {
  /** Where the tree begins; default this node's root. */
  readonly root?: string;
  /** What is shown as an empty folder, or as a file that nobody may open; default the node's state and its key. */
  readonly hidden?: readonly string[];
  readonly program?: string;
  readonly port?: number;
  /** The file that closes this node for /mfs of others. */
  readonly closed?: string;
  /** The file of the users whose files are served; absent where a node with the key sees all files, root's included. */
  readonly users?: string;
  /** Lets this node itself connect, for tests. */
  readonly servesSelf?: boolean;
}

const HIDDEN = [RUN_FOLDER, KEY_PATH];

export class FileServer {
  readonly #options: FileServerOptions;
  #child: ReadyChild | undefined;

  constructor(options: FileServerOptions = {}) {
    this.#options = options;
  }

  /** Serves on `own` of a `Reach`. @throws Error "Cannot serve files …: why" */
  async start(address: string): Promise<void> {
    const { root = "/", hidden = HIDDEN, program = FILE_PROGRAMS.server } = this.#options;
    const { port = FILES_PORT, closed = FILE_PATHS.closed, servesSelf = false } = this.#options;
    const { users } = this.#options;
    const words = [`listen=${address}`, `port=${port}`, `root=${root}`, `closed=${closed}`];
    const more = [
      ...hidden.map((path) => `hide=${path}`),
      ...(users === undefined ? [] : [`users=${users}`]),
      ...(servesSelf ? ["self=yes"] : []),
    ];
    // The end of its standard input, when this process ends, ends the listener and no connection: guests go on.
    this.#child = Bun.spawn([program, ...words, ...more], { stdio: ["pipe", "pipe", "pipe"] });
    await becomesReady(this.#child);
  }

  /** Ends the server and every connection: whoever is in a view of this node gets errors. */
  async stop(): Promise<void> {
    this.#child?.kill("SIGTERM");
    await this.#child?.exited;
    this.#child = undefined;
  }

  /** Has the server serve the files of those users alone, where it is limited to users. */
  allowUsers(uids: readonly number[]): void {
    const { users } = this.#options;
    if (users !== undefined) replaceFile(users, [...new Set(uids)].map((uid) => `${uid}\n`).join(""), 0o600);
  }

  /** Whether other nodes see this node's files below /mfs; guests see them in any case. */
  allowMfs(isAllowed: boolean): void {
    const { closed = FILE_PATHS.closed } = this.#options;
    if (isAllowed) rmSync(closed, { force: true });
    else writeFileSync(closed, "");
  }
}
