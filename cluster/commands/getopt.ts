import { printable } from "../../system/command-help.ts";

/** One option as typed: its letter, and its argument where the letter takes an argument. */
export interface TypedOption {
  readonly letter: string;
  readonly argument: string;
}

/**
 * Reads options as getopt(3) does: letters may share a dash, and an argument may follow its letter at once.
 * `letters` is getopt's own notation: `f:` takes an argument.
 * @throws SyntaxError in the words of glibc 2.3, which openMosix-tools 0.3.6 ran on
 */
export function parseOptions(words: readonly string[], letters: string): TypedOption[] {
  const options: TypedOption[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? "";
    if (!/^-./.test(word)) throw new SyntaxError(`unexpected argument -- ${printable(word)}`);
    for (let at = 1; at < word.length; at++) {
      const letter = word[at] ?? "";
      const known = letter === ":" ? -1 : letters.indexOf(letter);
      if (known < 0) throw new SyntaxError(`invalid option -- ${printable(letter)}`);
      if (letters[known + 1] !== ":") {
        options.push({ letter, argument: "" });
        continue;
      }
      const argument = word.slice(at + 1) || words[++index];
      if (argument === undefined) throw new SyntaxError(`option requires an argument -- ${letter}`);
      options.push({ letter, argument });
      break;
    }
  }
  return options;
}
