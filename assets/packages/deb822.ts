/** The paragraphs of deb822(5), which apt's sources and its package records are written in. */

export type Paragraph = ReadonlyMap<string, string>;

/** Splits a text into paragraphs; field names are in lower case, continuation lines keep their line break. */
export function parseDeb822(text: string): Paragraph[] {
  return text
    .split(/\n[ \t]*\n/)
    .map(parseParagraph)
    .filter((paragraph) => paragraph.size > 0);
}

function parseParagraph(text: string): Paragraph {
  const fields = new Map<string, string>();
  let name: string | undefined;
  for (const line of text.split("\n")) {
    if (line.startsWith("#")) continue;
    const field = /^([!-9;-~]+):[ \t]*(.*)$/.exec(line);
    if (field !== null) {
      name = field[1]!.toLowerCase();
      fields.set(name, field[2]!.trim());
    } else if (name !== undefined && /^[ \t]/.test(line)) {
      fields.set(name, `${fields.get(name)}\n${line.trim()}`.replace(/^\n/, ""));
    }
  }
  return fields;
}
