/** The options of the npm scripts: every script reads its options, and refuses them, in the same way. */

import yargs, { type InferredOptionTypes, type Options } from "yargs";

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

/** npm has an option of the same name, which a user's .npmrc may set. */
const NPM_OWN = ["key"];

/**
 * Reads a command line; of an option given twice the last value counts, unless the option is an array. An option
 * without a type is a number or a text, for `wholeNumber()`. `--help` prints, and ends the program.
 * @throws RangeError that names what was wrong
 */
export function readOptions<const O extends Record<string, Options>>(
  { call, usage = "[options]", does, options, words = 0 }: Script<O>,
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>> = process.env,
): Values<O> {
  refuseKeptByNpm(call, Object.keys(options), argv, env);
  const parsed = yargs([...argv])
    .scriptName(`${call} --`)
    .usage(`$0 ${usage}\n\n${does}`)
    .options(options)
    .parserConfiguration({ "greedy-arrays": false })
    .strictOptions()
    .version(false)
    .fail((message, error) => {
      throw refusal(call, message || error.message);
    })
    .parseSync();
  const given = parsed._.map(String);
  const surplus = given[words];
  if (surplus !== undefined) throw refusal(call, `"${surplus}" is one word too many`);
  const values = Object.entries(options).map(([name, { array }]) => {
    const value = parsed[name as keyof typeof parsed];
    return [name, Array.isArray(value) && !array ? value.at(-1) : value];
  });
  return { ...Object.fromEntries(values), words: given } as Values<O>;
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

/** npm reads options that stand before a lone `--` as its own, and hands them on as npm_config_NAME alone. */
function refuseKeptByNpm(
  call: string,
  names: readonly string[],
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): void {
  const keptValue = (name: string) => env[`npm_config_${name.replaceAll("-", "_")}`];
  const [first, ...others] = names.filter((name) => !NPM_OWN.includes(name) && keptValue(name) !== undefined);
  if (first === undefined) return;
  const value = keptValue(first);
  const option = value === "true" ? `--${first}` : `--${first}=${value}`;
  const rest = others.length === 0 ? argv : ["…"];
  throw new RangeError(
    `Cannot use --${first}: npm took it for an option of its own, and a lone -- before it was wanted, as in ` +
      `"${[call, "--", option, ...rest].join(" ")}"`,
  );
}

function refusal(call: string, why: string): RangeError {
  const sentence = why.charAt(0).toLowerCase() + why.slice(1).replace(/\s+/g, " ").trim();
  return new RangeError(`Cannot run ${call}: ${sentence}; "${call} -- --help" says what it takes`);
}
