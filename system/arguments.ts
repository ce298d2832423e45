/** The arguments of our programs, refused in our words; not for process 1, which cannot wait for node:util. */

import { type ParseArgsConfig, parseArgs } from "node:util";

/** parseArgs() of node:util. @throws RangeError that names the argument and says what was wanted */
export function parseArguments<const T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    throw refusal(error as Error & { readonly code?: string }, Object.keys(config.options ?? {}));
  }
}

function refusal(
  { message, code }: { readonly message: string; readonly code?: string },
  names: readonly string[],
) {
  // An option with a short name is "-o, --output <value>" there.
  const [, given = ""] = /'(?:-\w, )?([^' ]*)/.exec(message) ?? [];
  if (code === "ERR_PARSE_ARGS_INVALID_OPTION_VALUE") {
    const wanted = message.includes("does not take") ? "no value was wanted" : "a value behind it was wanted";
    return new RangeError(`Cannot use ${given}: ${wanted}`);
  }
  const wanted = names.map((name) => `--${name}`).join(", ");
  return new RangeError(`Cannot use "${given}": one of ${wanted} was wanted`);
}
