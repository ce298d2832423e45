/** modules.alias: which modules want a device; modules.alias(5) and depmod(8). */

export interface AliasTable {
  /** The names of the modules whose alias matches a modalias, without repetition. */
  find(modalias: string): string[];
}

interface Alias {
  readonly pattern: string;
  readonly module: string;
}

/** Reads `alias PATTERN MODULE` lines; comments and other lines are skipped. */
export function parseAliases(text: string): AliasTable {
  // Thousands of patterns, each literal up to its first wildcard: that part is the key that makes a look-up cheap.
  const byLiteral = new Map<string, Alias[]>();
  for (const line of text.split("\n")) {
    const [keyword, pattern, module] = line.split(" ");
    if (keyword !== "alias" || pattern === undefined || module === undefined) continue;
    const literal = pattern.replace(/[*?[].*$/, "");
    const aliases = byLiteral.get(literal);
    if (aliases === undefined) byLiteral.set(literal, [{ pattern, module }]);
    else aliases.push({ pattern, module });
  }
  const lengths = [...new Set([...byLiteral.keys()].map((literal) => literal.length))];

  return {
    find(modalias) {
      const candidates = lengths.flatMap((length) =>
        length > modalias.length ? [] : (byLiteral.get(modalias.slice(0, length)) ?? []),
      );
      const matching = candidates.filter(({ pattern }) => matchesPattern(pattern, modalias));
      return [...new Set(matching.map(({ module }) => module))];
    },
  };
}

/** Whether a text matches a shell pattern of `*`, `?` and `[…]`, fnmatch(3). */
export function matchesPattern(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "s").test(text);
}
