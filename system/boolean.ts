const WORDS: ReadonlyMap<string, boolean> = new Map([
  ...["1", "yes", "on", "true"].map((word) => [word, true] as const),
  ...["0", "no", "off", "false"].map((word) => [word, false] as const),
]);

/** Completes a complaint about a value that is no boolean: "… is wanted". */
export const BOOLEAN_WANTED = "1, yes, on, true, 0, no, off or false";

/** The value of a boolean option, in lower case or not, or `undefined` for every other text, the empty one included. */
export function parseBoolean(text: string): boolean | undefined {
  return WORDS.get(text.toLowerCase());
}
