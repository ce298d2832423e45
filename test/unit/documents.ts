/** The rules of the documents as functions over their texts: each gives one sentence for each breach. */

import { dirname, join } from "node:path/posix";

/** Path in the project → text, of every document. */
export type Documents = ReadonlyMap<string, string>;

/** `[text](target)` and `![text](target)`. */
const LINK = /\]\(([^()\s]+)\)/g;
const FENCE = /^```[^\n]*\n[\s\S]*?^```$/gm;
/** Text between backticks, on one line or wrapped onto a second. */
const CODE = /`([^`\n]+(?:\n[^`\n]+)?)`/g;

/** Links whose file is missing, and links to a heading that its document lacks; links to other sites are not tried. */
export function brokenLinks(documents: Documents, exists: (path: string) => boolean): string[] {
  return [...documents].flatMap(([path, text]) =>
    [...text.replace(FENCE, "").matchAll(LINK)].flatMap(([, target = ""]) => {
      if (/^https?:/.test(target)) return [];
      const [file = "", anchor] = target.split("#");
      const to = file === "" ? path : join(dirname(path), file);
      if (!exists(to)) return [`${path} links to ${to}, which does not exist`];
      if (anchor === undefined) return [];
      const linked = documents.get(to);
      const isThere = linked === undefined || headingAnchors(linked).includes(anchor);
      return isThere ? [] : [`${path} links to the heading #${anchor}, which ${to} lacks`];
    }),
  );
}

/** The anchors that GitHub gives the headings of a document. */
export function headingAnchors(text: string): string[] {
  return [...text.replace(FENCE, "").matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_ -]/gu, "")
      .replaceAll(" ", "-"),
  );
}

/** What a document writes between backticks, and the lines of its code blocks. */
export function codeOf(text: string): string[] {
  const blocks = [...text.matchAll(FENCE)].flatMap(([block]) => block.split("\n").slice(1, -1));
  const inline = [...text.replace(FENCE, "").matchAll(CODE)].map(([, code = ""]) => code.replace("\n", " "));
  return [...blocks, ...inline];
}

/** Options of ours (`clump.…`) that a document names and the code does not read; names of files are no options. */
export function unknownOptions(documents: Documents, names: readonly string[], files: readonly string[]) {
  return [...documents].flatMap(([path, text]) =>
    [...text.matchAll(/(?<![\w/.-])clump\.[a-z.]*[a-z](?=[^\w-]|$)/gm)]
      .map(([name]) => name)
      .filter((name) => !names.includes(name) && !files.includes(name))
      .map((name) => `${path} names the option ${name}, which does not exist`),
  );
}

/** The scripts of package.json that the documents tell a person to run, as `npm run NAME`, `npm start` or `npm test`. */
export function namedScripts(text: string): string[] {
  const commands = codeOf(text).flatMap((code) => [...code.matchAll(/\bnpm (?:run )?([a-z]+)/g)]);
  return [...new Set(commands.map(([, name = ""]) => name))].filter((name) => name !== "run");
}

/** The verbs of the command clump that a text names in code: "nodes" of `clump nodes --json`, "start" and "stop" of `clump start|stop`. */
export function namedVerbs(text: string): string[] {
  const commands = codeOf(text).flatMap((code) => [
    ...code.matchAll(/(?:^|\s)clump ([a-z][a-z|]*)(?=\s|$)/g),
  ]);
  return [...new Set(commands.flatMap(([, verbs = ""]) => verbs.split("|")))];
}

/** Paths between backticks that look like files of the project and are none. */
export function missingPaths(
  documents: Documents,
  tops: readonly string[],
  exists: (path: string) => boolean,
): string[] {
  const pattern = new RegExp(`^((?:${tops.join("|")})/[\\w./-]*)$`);
  return [...documents].flatMap(([path, text]) =>
    codeOf(text)
      .map((code) => pattern.exec(code)?.[1])
      .filter((file) => file !== undefined)
      .filter((file) => !exists(file))
      .map((file) => `${path} names ${file}, which does not exist`),
  );
}

/**
 * Messages that a table of problems quotes in its first column and no source has. Where the quote has a number, an
 * address, a path, a name with digits or an ellipsis, a message may have anything.
 */
export function staleQuotes(text: string, sources: Iterable<string>): string[] {
  const said = [...sources].map((source) => source.replaceAll(/["`']\s*\+\s*["`']/g, "")).join("\n");
  const cells = [...text.matchAll(/^\| ([^|]*) \|/gm)].map(([, cell = ""]) => cell);
  const quotes = cells.flatMap((cell) => [...cell.matchAll(/"([^"]+)"/g)].map(([, quote = ""]) => quote));
  return quotes.filter((quote) =>
    quote
      .split(/…|\S*[\d/]\S*/)
      .map((part) => part.replace(/^[,:;. ]+|[,:; ]+$/g, ""))
      .filter((part) => part.includes(" "))
      .some((part) => !said.includes(part)),
  );
}

/** The lines of the code blocks whose first line is three backticks and `info`, as "sh" or "sh node", without remarks. */
export function blockLines(text: string, info: string): string[] {
  return [...text.matchAll(FENCE)]
    .map(([block]) => block.split("\n"))
    .filter(([first]) => first === `\`\`\`${info}`)
    .flatMap((lines) => lines.slice(1, -1))
    .map((line) => line.replace(/\s+#.*$/, ""))
    .filter(Boolean);
}
