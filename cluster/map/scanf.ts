/** Numbers and fields as C reads them. */

const INT_MAX = 0x7fffffff;
const INT_MIN = -0x80000000;

/** As atoi(3): the number at the beginning of a text, 0 where the text begins with none. */
export function atoi(text: string): number {
  return clampInt(Number(/^\s*([+-]?\d+)/.exec(text)?.[1] ?? 0));
}

/**
 * Reads `%d`, `%s` and `%<width>s` fields of a line, as sscanf(3) does; a blank in the format is any number
 * of blanks. A field that was read is never read again, and what follows the last field does not matter.
 * Returns all fields, or nothing where a field is absent. A number that is too big becomes the nearest int.
 */
export function scan(line: string, format: string): (number | string)[] | undefined {
  const fields: (number | string)[] = [];
  let at = 0;
  for (const [directive, width] of directives(format)) {
    if (directive === " " || directive.startsWith("%")) at = afterBlanks(line, at);
    if (directive === " ") continue;
    const found = match(line.slice(at), directive, width);
    if (found === undefined) return undefined;
    at += found.length;
    if (directive === "%d") fields.push(clampInt(Number(found)));
    else if (directive === "%s") fields.push(found);
  }
  return fields;
}

function* directives(format: string): Generator<[directive: string, width: number]> {
  for (const [text, width, type] of format.matchAll(/%(\d*)([ds])|[^%]/g)) {
    yield [type === undefined ? text : `%${type}`, width ? Number(width) : Number.POSITIVE_INFINITY];
  }
}

function match(rest: string, directive: string, width: number): string | undefined {
  if (directive === "%d") return /^[+-]?[0-9]+/.exec(rest)?.[0];
  if (directive === "%s") return /^[^ \t\n\v\f\r]+/.exec(rest)?.[0].slice(0, width);
  return rest.startsWith(directive) ? directive : undefined;
}

function afterBlanks(line: string, at: number): number {
  let end = at;
  while (end < line.length && " \t\n\v\f\r".includes(line[end] ?? "")) end++;
  return end;
}

function clampInt(value: number): number {
  return Math.min(Math.max(value, INT_MIN), INT_MAX);
}
