/** What a person reads about a command: the one source of `--help`, the page of `man`, the documents and refusals. */

export interface CommandHelp {
  /** As typed: "clumpview", "clump nodes". */
  readonly name: string;
  /** One line without a stop: "lists the nodes of the cluster". */
  readonly does: string;
  /** The words behind the name, for each way to call the command; default none. */
  readonly forms?: readonly string[];
  /** Words and options with their meanings. */
  readonly words?: readonly (readonly [word: string, meaning: string])[];
  /** Paragraphs for what `does` has no room for. */
  readonly notes?: readonly string[];
  /** Whole command lines. */
  readonly examples?: readonly string[];
  /** The part of the documents that tells more: "cluster.md#the-map". */
  readonly document?: string;
}

/** A line for each command: the name, and what the command does. */
export function formatList(helps: readonly CommandHelp[]): string {
  return defineWords(helps.map(({ name, does }) => [name, does]));
}

/** The answer to `--help`. */
export function formatHelp(help: CommandHelp): string {
  const { does, words = [], notes = [], examples = [] } = help;
  const calls = callsOf(help).map((call, index) => `${index === 0 ? "Usage: " : "       "}${call}\n`);
  const parts = [
    `${calls.join("")}  ${does}\n`,
    defineWords(words),
    ...notes.map(indentLine),
    examples.map(indentLine).join(""),
  ];
  return parts.filter((part) => part !== "").join("\n");
}

/** The page of `man`, with the headings of man-pages(7). */
export function formatPage(help: CommandHelp): string {
  const { name, does, words = [], notes = [], examples = [], document } = help;
  const sections: [heading: string, text: string][] = [
    ["NAME", indentLine(`${name} - ${does}`)],
    ["SYNOPSIS", callsOf(help).map(indentLine).join("")],
    ["OPTIONS", defineWords(words)],
    ["NOTES", notes.map(indentLine).join("\n")],
    ["EXAMPLES", examples.map(indentLine).join("")],
    ["SEE ALSO", document === undefined ? "" : indentLine(`docs/${document}`)],
  ];
  return sections
    .filter(([, text]) => text !== "")
    .map(([heading, text]) => `${heading}\n${text}`)
    .join("\n");
}

/** The two lines behind a wrong call: the message, which names the wrong word, and the right call; control characters of that word show as "?". */
export function formatRefusal(help: CommandHelp, message: string): string {
  const [call = ""] = callsOf(help);
  const [program = ""] = help.name.split(" ");
  return `${program}: ${printable(message)}\nUsage: ${call}; ${help.name} --help says more\n`;
}

/** Whether a command is asked for its help. */
export function asksForHelp(words: readonly string[]): boolean {
  return words[0] === "--help" || words[0] === "-h";
}

/** Every way to call the command. */
export function callsOf({ name, forms = [""] }: CommandHelp): string[] {
  return forms.map((form) => `${name} ${form}`.trimEnd());
}

function defineWords(rows: readonly (readonly [word: string, meaning: string])[]): string {
  const width = Math.max(...rows.map(([word]) => word.length));
  return rows.map(([word, meaning]) => indentLine(`${word.padEnd(width)}  ${meaning}`)).join("");
}

function indentLine(line: string): string {
  return `  ${line}\n`;
}

/** A text in which "?" stands for each control character: a word that somebody typed says nothing to the terminal. */
export function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, "?");
}
