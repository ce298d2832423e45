/** The options of the npm scripts: every script reads its options, and refuses them, in the same way. */

import yargs, { type InferredOptionTypes, type Options } from "yargs";
import { takeBackFromNpm } from "./npm-config.ts";

export interface Script<O> {
  /** The call, such as "npm run pxe". */
  readonly call: string;
  /** Words that follow the call in its usage, such as "[mode]"; default "[options]". */
  readonly usage?: string;
  /** What the script does, for `--help`. */
  readonly does: string;
  readonly options: O;
  /** How many words without a dash the script takes; default 0. */
  readonly words?: number;
}

export type Values<O extends Record<string, Options>> = InferredOptionTypes<O> & {
  readonly words: readonly string[];
};

/**
 * Reads a command line, with the options that npm has taken for its own; of an option given twice the last value
 * counts, unless the option is an array. An option without a type is a number or a text, for `wholeNumber()`.
 * `--help` prints, and ends the program.
 * @throws RangeError that names what was wrong
 */
export function readOptions<const O extends Record<string, Options>>(
  { call, usage = "[options]", does, options, words = 0 }: Script<O>,
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>> = process.env,
): Values<O> {
  const unprintable = argv.find((word) => /\p{Cc}/u.test(word));
  if (unprintable !== undefined)
    throw refusal(
      call,
      `Cannot use "${unprintable}": it has control characters, and printable ones were wanted`,
    );
  const flags = Object.keys(options).filter((name) => options[name]?.type === "boolean");
  const typed = takeBackFromNpm(argv, { call, names: Object.keys(options), flags, env });
  const parsed = yargs(typed)
    .scriptName(`${call} --`)
    .usage(`$0 ${usage}\n\n${does}`)
    .options(
      Object.fromEntries(
        Object.entries(options).map(([name, each]) => [name, { ...each, demandOption: false }]),
      ),
    )
    .parserConfiguration({ "greedy-arrays": false })
    .strictOptions()
    .version(false)
    .fail((message, error) => {
      throw refusal(call, explain(message || error.message, typed, Object.keys(options)));
    })
    .parseSync();
  // yargs would name the missing option before a wrong one.
  const missing = Object.keys(options).find(
    (name) => options[name]?.demandOption && parsed[name] === undefined,
  );
  if (missing !== undefined)
    throw refusal(call, `Cannot do without --${missing}: it was not given, and a value for it was wanted`);
  const given = parsed._.map(String);
  const surplus = given[words];
  if (surplus !== undefined) {
    const wanted = words === 0 ? "no word" : `${words} word${words === 1 ? "" : "s"} at most`;
    throw refusal(call, `Cannot use "${surplus}": ${wanted} was wanted`);
  }
  const values = Object.entries(options).map(([name, { array }]) => {
    const value = parsed[name as keyof typeof parsed];
    return [name, Array.isArray(value) && !array ? value.at(-1) : value];
  });
  return { ...Object.fromEntries(values), words: given } as Values<O>;
}

/** Reads the command line of a script that takes neither options nor words. @throws RangeError */
export function refuseWords(script: Omit<Script<unknown>, "options">, argv: readonly string[]): void {
  readOptions({ ...script, usage: "", options: {} }, argv);
}

/** Reads a whole number of an option. @throws RangeError that says what was typed */
export function wholeNumber(
  option: string,
  value: unknown,
  { from, to = Infinity }: { readonly from: number; readonly to?: number },
): number {
  const number = /^\d+$/.test(String(value)) ? Number(value) : NaN;
  if (number >= from && number <= to) return number;
  const range = to === Infinity ? `${from} up` : `${from} to ${to}`;
  throw new RangeError(`Cannot use --${option} ${value}: a whole number from ${range} was wanted`);
}

/** Runs a script; an error becomes one message on standard error, and exit status 1. */
export async function runScript(script: () => Promise<void>): Promise<void> {
  try {
    await script();
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}

/** The message of yargs in our words. */
function explain(message: string, typed: readonly string[], names: readonly string[]): string {
  const [, name = ""] = /: ([^,]*)/.exec(message) ?? [];
  if (/^Unknown arg/.test(message)) {
    const word = typed.find((each) => each.startsWith("-") && each.replace(/^-+(no-)?/, "").startsWith(name));
    const wanted = [...names, "help"].map((known) => `--${known}`).join(", ");
    return `Cannot use "${word ?? name}": one of ${wanted} was wanted`;
  }
  return `Cannot use --${name}: a value behind it was wanted`;
}

function refusal(call: string, message: string): RangeError {
  return new RangeError(`${message.replaceAll(/\p{Cc}/gu, "?")}; ${call} -- --help says more`);
}
