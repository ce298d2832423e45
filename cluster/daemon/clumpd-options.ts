/** The command line of clumpd. */

export const CLUMPD_USAGE = `Usage: clumpd [--root DIR]
  --root DIR  take part as the node whose files are below DIR, and not as this machine
`;

export interface ClumpdOptions {
  /** A tree that is not this machine's; "" for this machine. */
  readonly root: string;
  readonly help: boolean;
}

/** @throws SyntaxError naming the word that cannot be used, and what was wanted */
export function parseClumpdOptions(argv: readonly string[]): ClumpdOptions {
  let root = "";
  const words = [...argv];
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === "--help" || word === "-h") return { root, help: true };
    if (word !== "--root") throw new SyntaxError(`Cannot use "${word}": --root DIR or --help was wanted`);
    root = words.shift() ?? "";
    if (root === "" || root.startsWith("-"))
      throw new SyntaxError(`Cannot use --root "${root}": a folder was wanted`);
  }
  return { root, help: false };
}
