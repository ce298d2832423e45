/** The files of nodes for each other: home's for its guests, and those of every node below /mfs. */

import type { Mounts } from "../../system/kernel/kernel.ts";
import { type Log, reason } from "../../system/log.ts";
import { FileServer } from "../files/file-server.ts";
import { HomeViews } from "../files/home-views.ts";
import { Mfs, type MfsChannel } from "../files/mfs.ts";
import { FILE_PATHS } from "../files/paths.ts";
import { STATUS } from "../gossip/entry.ts";
import type { Reach } from "../tunnel/reach.ts";
import type { Members } from "./members.ts";

export interface NodeFilesOptions {
  readonly members: Members;
  readonly reach: Reach;
  /** This node's LAN address. */
  readonly address: string;
  /** What names the image of this node. */
  readonly image: string;
  /** Whether the files of uid 0 are served, and those of users that have no process away. */
  readonly servesRoot: boolean;
  readonly kernel: Pick<Mounts, "unmount">;
  /** The program that mounts below /mfs; absent where nobody looks there. */
  readonly mfs?: MfsChannel;
  readonly log: Log;
}

export class NodeFiles {
  readonly #options: NodeFilesOptions;
  readonly #server: FileServer;
  readonly #views: HomeViews;
  readonly #mfs: Mfs | undefined;
  #allowsMfs = true;

  constructor(options: NodeFilesOptions) {
    this.#options = options;
    this.#server = new FileServer(options.servesRoot ? {} : { users: FILE_PATHS.users });
    this.#views = new HomeViews(options);
    const { mfs, log } = options;
    this.#mfs = mfs && new Mfs({ ...mfs, find: (node) => this.#find(node), log });
  }

  /** What fails is in the log: a node whose files nobody sees still takes part in its cluster. */
  async start(): Promise<void> {
    const { reach, log } = this.#options;
    await this.#server.start(reach.own).catch((error: unknown) => log.warn(reason(error)));
    void this.#mfs?.serve().catch((error: unknown) => log.warn(`Cannot mount below /mfs: ${reason(error)}`));
  }

  /** What becomes / for a guest of that home. @throws Error "Cannot see the files of …" */
  async rootFor(home: string, image: string): Promise<string> {
    return home === this.#options.address ? "/" : await this.#views.rootFor({ address: home, image });
  }

  get servesRoot(): boolean {
    return this.#options.servesRoot;
  }

  /** The users that have processes away: before a process leaves, since its image is restored with its files. */
  allowUsers(uids: readonly number[]): void {
    this.#server.allowUsers(uids);
  }

  /** Ends what waits for the files of a dead node, and follows mosctl mfs and nomfs. Called once a second. */
  sweep(): void {
    const { members } = this.#options;
    for (const node of this.#mfs?.nodes ?? []) if (members.isGone(node)) this.#mfs?.forget(node);
    for (const home of this.#views.homes) if (members.isGone(home)) this.forgetHome(home);
    const allows = ((members.own?.status ?? 0) & STATUS.nomfs) === 0;
    if (allows !== this.#allowsMfs) this.#server.allowMfs(allows);
    this.#allowsMfs = allows;
  }

  /** Ends the view of a dead home: nothing may hang in it. */
  forgetHome(home: string): void {
    this.#views.forget(home);
  }

  async #find(word: string): Promise<{ readonly node: string; readonly address: string } | "own"> {
    const { members, reach, address } = this.#options;
    const node = members.find(word).address;
    return node === address ? "own" : { node, address: await reach.to(node) };
  }
}
