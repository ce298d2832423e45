/**
 * The options that npm takes for its own where the lone `--` before them was forgotten. Of `npm start --nodes 3`, the
 * script gets the word "3", and npm_config_nodes=true; of `npm start --nodes=3`, npm_config_nodes=3 (npm-run(1)).
 */

/** npm has an option of the same name, which a user's .npmrc may set. */
const NPM_OWN = ["key"];

/** npm joins the values of an option that is given several times. */
const BETWEEN_VALUES = "\n\n";

export interface KnownOptions {
  /** The call of the script, such as "npm run pxe". */
  readonly call: string;
  readonly names: readonly string[];
  /** Those of the names that take no value. */
  readonly flags: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * The command line with the options that npm has kept.
 * @throws RangeError with the right line where nothing tells which word belongs to which option
 */
export function takeBackFromNpm(argv: readonly string[], known: KnownOptions): string[] {
  const kept = known.names
    .filter((name) => !NPM_OWN.includes(name))
    .flatMap((name) => valuesOf(name, known.env).map((value) => ({ name, value })));
  const isWhole = ({ name, value }: (typeof kept)[number]) => known.flags.includes(name) || value !== "true";
  const whole = kept.filter(isWhole).map(({ name, value }) => formatOption(name, value));
  const halves = kept.filter((option) => !isWhole(option));
  const [half] = halves;
  if (half === undefined) return [...whole, ...argv];
  const words = argv.filter((word) => !word.startsWith("-"));
  const isCertain = words.length === halves.length && halves.every(({ name }) => name === half.name);
  if (!isCertain) {
    const line = [known.call, "--", ...whole, ...halves.map(({ name }) => `--${name} …`)].join(" ");
    throw new RangeError(
      `Cannot use --${half.name}: npm took it for an option of its own, and a lone -- before it was wanted, as in "${line}"`,
    );
  }
  const rest = argv.filter((word) => word.startsWith("-"));
  return [...whole, ...words.map((word) => `--${half.name}=${word}`), ...rest];
}

function valuesOf(name: string, env: KnownOptions["env"]): string[] {
  return env[`npm_config_${name.replaceAll("-", "_")}`]?.split(BETWEEN_VALUES) ?? [];
}

function formatOption(name: string, value: string): string {
  return value === "true" ? `--${name}` : `--${name}=${value}`;
}
