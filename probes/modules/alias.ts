/** modules.alias: which modules want a device; modules.alias(5) and depmod(8). */

export interface AliasTable {
  /** The names of the modules whose alias matches a modalias, without repetition. */
  find(modalias: string): string[];
}

interface Alias {
  readonly pattern: string;
  readonly module: string;
  /** The pattern up to its first wildcard: a look that costs less than the whole pattern. */
  readonly literal: string;
  /** Where the line stands in the file. */
  readonly at: number;
}

/** So many characters tell most devices of one vendor from all others: "pci:v00001AF4". */
const HEAD_LENGTH = 13;
/** An alias whose text up to its first wildcard is shorter than that. */
const SHORT = new RegExp(`^alias (([^*?[ \\n]{0,${HEAD_LENGTH - 1}})(?:[*?[][^ \\n]*)?) ([^ \\n]+)`, "gm");
const LINE = /alias (([^*?[ \n]*)[^ \n]*) ([^ \n]+)/y;

/**
 * Reads `alias PATTERN MODULE` lines; comments and other lines are skipped. Of thousands of lines only those are taken
 * apart that may match a device: process 1 has no compiler for loops, and the network waits for this table.
 */
export function parseAliases(text: string): AliasTable {
  const short = [...text.matchAll(SHORT)].map(toAlias);
  const long = new Map<string, readonly Alias[]>();

  function candidates(modalias: string): readonly Alias[] {
    const head = modalias.slice(0, HEAD_LENGTH);
    if (head.length < HEAD_LENGTH) return short;
    const known = long.get(head);
    if (known !== undefined) return known;
    const both = [...short, ...linesOf(text, head)].toSorted((a, b) => a.at - b.at);
    long.set(head, both);
    return both;
  }

  return {
    find(modalias) {
      const matching = candidates(modalias).filter(
        ({ literal, pattern }) => modalias.startsWith(literal) && matchesPattern(pattern, modalias),
      );
      return [...new Set(matching.map(({ module }) => module))];
    },
  };
}

/** The aliases whose pattern begins so. */
function* linesOf(text: string, head: string): Generator<Alias> {
  const beginning = `alias ${head}`;
  for (let at = text.indexOf(beginning); at >= 0; at = text.indexOf(beginning, at + 1)) {
    LINE.lastIndex = at;
    const match = at === 0 || text[at - 1] === "\n" ? LINE.exec(text) : null;
    if (match !== null) yield toAlias(match);
  }
}

function toAlias({ index = 0, 1: pattern = "", 2: literal = "", 3: module = "" }: RegExpMatchArray): Alias {
  return { pattern, module, literal, at: index };
}

/** Whether a text matches a shell pattern of `*`, `?` and `[…]`, fnmatch(3). */
export function matchesPattern(pattern: string, text: string): boolean {
  if (/[?[]/.test(pattern)) return expressionOf(pattern).test(text);
  // Hundreds of patterns are tried for each device, and making an expression of one takes longer than this.
  const [first = "", ...parts] = pattern.split("*");
  const last = parts.pop();
  if (last === undefined) return text === pattern;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of parts) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at + last.length <= text.length && text.endsWith(last);
}

function expressionOf(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "s");
}
