/** The words of `clump serve`, and what it says. */

import { type InterfaceOptions, parseInterfaceOptions } from "../../modes/serve/options.ts";
import { describePool } from "../../modes/serve/pool.ts";

export type ServeWords = "status" | "off" | InterfaceOptions;

/** @throws RangeError that names the wrong word */
export function parseServeWords(words: readonly string[]): ServeWords {
  const [first, ...rest] = words;
  if (first === undefined) return "status";
  if (first.startsWith("-"))
    throw new RangeError(
      `Cannot use "${first}": the name of an interface, off or nothing was wanted before it`,
    );
  if (first !== "off") return parseInterfaceOptions(["--interface", first, ...rest]);
  if (rest[0] !== undefined) throw new RangeError(`Cannot use "${rest[0]}": no word behind off was wanted`);
  return "off";
}

export function describeServed({ interface: name, pool, handsOutKey }: InterfaceOptions): string {
  const key = handsOutKey
    ? "They get the cluster key: every machine on that network can read it from here."
    : "They get no cluster key from here.";
  return `The PCs that boot from the network of ${name} become nodes (${describePool(pool)}).\n${key}\n`;
}
