/** Where the views of other nodes' files are, and what belongs to them. */

import { RUN_FOLDER } from "../../system/state/paths.ts";

export const FILE_PATHS = {
  /** A folder for each home whose files guests of this node see. */
  views: `${RUN_FOLDER}/views`,
  /** A file that is there while nobody may see this node's files below /mfs. */
  closed: `${RUN_FOLDER}/nomfs`,
  /** The uids whose processes are away, one a line, where a node serves no others. */
  users: `${RUN_FOLDER}/away-users`,
  /** A folder for each node, by its number. */
  mfs: "/mfs",
} as const;

/** The programs in the image; assets/files. */
export const FILE_PROGRAMS = {
  server: "/usr/lib/clump/clump-files",
  view: "/usr/lib/clump/clump-view",
} as const;

/** TCP: files of a node for the others. */
export const FILES_PORT = 5431;
