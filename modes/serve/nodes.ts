/** nodes.conf: kernel command-line options for all nodes and for single ones. */

import { hideSecrets } from "../../system/secrets.ts";

export interface NodeOptions {
  /** For every node. */
  readonly all: string;
  /** For one node, after those for every node; keys are MAC addresses as "52:54:00:12:34:56". */
  readonly byMac: ReadonlyMap<string, string>;
}

export const NO_OPTIONS: NodeOptions = { all: "", byMac: new Map() };

const MAC = /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/;

/**
 * Options pass through three loaders with different quoting, so characters that any of the three interprets are
 * refused.
 */
const WORDS = /^[\w.,:=/@%+-]+( [\w.,:=/@%+-]+)*$/;

/**
 * Parses lines of a MAC address, or `*` for every node, and kernel command-line options; `#` begins a comment.
 * @throws SyntaxError naming the line
 */
export function parseNodes(text: string): NodeOptions {
  let all = "";
  const byMac = new Map<string, string>();
  for (const [index, line] of text.split("\n").entries()) {
    const [who, ...rest] = line
      .replace(/(^|\s)#.*/, "")
      .trim()
      .split(/\s+/);
    if (!who) continue;
    const words = rest.join(" ");
    const fail = (wanted: string) =>
      new SyntaxError(`Cannot read line ${index + 1} "${hideSecrets(line)}": ${wanted}`);
    if (!WORDS.test(words)) throw fail("options of letters, digits and .,:=/@%+- were wanted");
    const mac = who.toLowerCase().replaceAll("-", ":");
    if (who === "*") all = `${all} ${words}`.trim();
    else if (!MAC.test(mac)) throw fail("a hardware address as 52:54:00:12:34:56, or *, was wanted");
    else if (byMac.has(mac)) throw fail("this address has a line already, and one was wanted");
    else byMac.set(mac, words);
  }
  return { all, byMac };
}

/** All options of one node. */
export function optionsOf({ all, byMac }: NodeOptions, mac: string): string {
  return [all, byMac.get(mac) ?? ""].filter(Boolean).join(" ");
}

/** The same for screens and logs, with keys and passwords hidden. */
export function describeOptions(nodes: NodeOptions, mac: string): string {
  return hideSecrets(optionsOf(nodes, mac));
}
