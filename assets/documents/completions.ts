/** What a shell completes of the commands of a workstation, made from their help: bash(1), zsh(1) and fish(1). */

import { listedVerbs } from "../../cluster/daemon/control-help.ts";
import type { CommandHelp } from "../../system/command-help.ts";
import { WORKSTATION_COMMANDS } from "./workstation-commands.ts";

interface Word {
  readonly word: string;
  readonly meaning: string;
}

const VERBS = WORKSTATION_COMMANDS.filter(({ name }) => name.startsWith("clump "));
const PROGRAMS = WORKSTATION_COMMANDS.filter(({ name }) => !name.includes(" "));
const NAMES = PROGRAMS.map(({ name }) => name);

/** Path below /usr/share → text. */
export function completions(): Map<string, string> {
  return new Map([
    ...NAMES.map((name): [string, string] => [`bash-completion/completions/${name}`, bash()]),
    ["zsh/vendor-completions/_clump", zsh()],
    ...PROGRAMS.map((help): [string, string] => [`fish/vendor_completions.d/${help.name}.fish`, fish(help)]),
  ]);
}

/** Patterns of "position command first-word", with what they complete. */
function cases(first: number): (readonly [pattern: string, words: readonly Word[]])[] {
  return [
    [`"${first} clump "*`, verbs()],
    ...VERBS.map((help) => [`*" ${help.name}"`, wordsOf(help)] as const),
    [`"${first} mosctl "*`, listedVerbs().map((word) => ({ word, meaning: "" }))],
    ...PROGRAMS.map((help) => [`*" ${help.name} "*`, wordsOf(help)] as const),
  ];
}

function bash(): string {
  const lines = cases(1).map(([pattern, words]) => `\t${pattern}) words='${join(words)}' ;;\n`);
  return `# Completion of clump's commands for bash(1).
_clump() {
	local words=
	case "$COMP_CWORD \${COMP_WORDS[0]##*/} \${COMP_WORDS[1]}" in
${lines.join("")}	esac
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}")
}
complete -o default -F _clump ${NAMES.join(" ")}
`;
}

function zsh(): string {
  const lines = cases(2).map(([pattern, words]) => `${pattern}) compadd -- ${join(words)} ;;\n`);
  return `#compdef ${NAMES.join(" ")}
# Completion of clump's commands for zsh(1).
case "$CURRENT $service \${words[2]}" in
${lines.join("")}esac
`;
}

function fish(help: CommandHelp): string {
  const lines =
    help.name === "clump"
      ? verbs().flatMap(({ word, meaning }) => [
          `complete -c clump -n __fish_use_subcommand -f -a ${word} -d '${meaning}'`,
          ...wordsOf(VERBS.find(({ name }) => name === `clump ${word}`)!).map(
            (option) => `complete -c clump -n '__fish_seen_subcommand_from ${word}' ${fishOption(option)}`,
          ),
        ])
      : wordsOf(help).map((option) => `complete -c ${help.name} ${fishOption(option)}`);
  return `# Completion of ${help.name} for fish(1).\n${lines.map((line) => `${line}\n`).join("")}`;
}

/** A long option, one letter, or letters behind one hyphen: -l, -s and -o of complete. */
function fishOption({ word, meaning }: Word): string {
  const kind = word.startsWith("--") ? "-l" : word.length === 2 ? "-s" : "-o";
  return `${word.startsWith("-") ? kind : "-f -a"} ${word.replace(/^--?/, "")} -d '${quote(meaning)}'`;
}

function verbs(): Word[] {
  return VERBS.map(({ name, does }) => ({ word: name.replace("clump ", ""), meaning: quote(does) }));
}

/** The options of a command, and the words that stand as they are: "show" of clump key. */
function wordsOf({ words = [] }: CommandHelp): Word[] {
  return words
    .map(([text, meaning]) => ({ word: text.split(/[ ,=]/)[0]!, meaning }))
    .filter(({ word }) => /^(--?)?[a-zA-Z][\w-]*$/.test(word) && word !== word.toUpperCase());
}

function join(words: readonly Word[]): string {
  return words.map(({ word }) => word).join(" ");
}

function quote(text: string): string {
  return text.replaceAll("'", "\\'");
}
