/** The file of kernel parameters for nodes, which `npm run pxe` and `npm run serve` take. */

import { readFileSync } from "node:fs";
import { NO_OPTIONS, type NodeOptions, parseNodes } from "../../modes/serve/nodes.ts";

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file, and a file was wanted",
  EISDIR: "it is a folder, and a file was wanted",
  EACCES: "this user may not read it, and a file that this user may read was wanted",
};

/** Reads the file; without a path there are no parameters. @throws Error that names the file, or its line */
export function readNodesFile(path: string | undefined): NodeOptions {
  if (path === undefined) return NO_OPTIONS;
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    throw new Error(`Cannot read the parameters of nodes in ${path}: ${REASONS[code] ?? message}`);
  }
  return parseNodes(text);
}
