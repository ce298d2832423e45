/** The man pages of a workstation, in the macros of man(7), made from the help of the commands and the options. */

import { DESCRIPTIONS } from "../../init/options/descriptions.ts";
import { CONF_PATH, STATION_OPTIONS } from "../../init/station/clump-conf.ts";
import { type CommandHelp, callsOf } from "../../system/command-help.ts";
import { WORKSTATION_COMMANDS, WORKSTATION_SERVICES } from "./workstation-commands.ts";

type Row = readonly [word: string, meaning: string];

/** File name → text: "clumpview.1". */
export function manPages(version: string): Map<string, string> {
  const isVerb = ({ name }: CommandHelp) => name.startsWith("clump ");
  const verbs = WORKSTATION_COMMANDS.filter(isVerb);
  const pages = [
    ...WORKSTATION_COMMANDS.filter((help) => !isVerb(help)).map((help) => ({ help, section: 1 })),
    ...WORKSTATION_SERVICES.map((help) => ({ help, section: 8 })),
  ];
  const texts = pages.map(({ help, section }): [string, string] => [
    `${help.name}.${section}`,
    commandPage(help, { section, version, verbs: help.name === "clump" ? verbs : [] }),
  ]);
  return new Map([...texts, ["clump.conf.5", confPage(version)]]);
}

function commandPage(
  help: CommandHelp,
  page: { readonly section: number; readonly version: string; readonly verbs: readonly CommandHelp[] },
): string {
  const { name, does, words = [], notes = [], examples = [] } = help;
  const rows = page.verbs.flatMap((verb): Row[] => [
    [callsOf(verb).join(", "), sentence(verb.does)],
    ...(verb.words ?? []).map(([word, meaning]): Row => [`    ${word}`, meaning]),
  ]);
  return [
    heading(name, page.section, page.version),
    section("NAME", `${toRoff(name)} \\- ${toRoff(does)}\n`),
    section("SYNOPSIS", callsOf(help).map(bold).join(".br\n")),
    section("COMMANDS", definitions(rows)),
    section("OPTIONS", definitions(words)),
    section("NOTES", notes.map(roffLine).join(".PP\n")),
    section("EXAMPLES", examples.map(bold).join(".br\n")),
    page.section === 1 && name !== "clump" ? section("SEE ALSO", ".BR clump (1)\n") : "",
  ].join("");
}

function confPage(version: string): string {
  const all = Object.values(DESCRIPTIONS).flat();
  const rows = all
    .filter(({ forms }) => forms.some((form) => STATION_OPTIONS.includes(form.replace(/^"|=.*/gs, ""))))
    .map(({ forms, meaning }): Row => [forms.join(", "), sentence(withoutMarkdown(meaning))]);
  const notes = [
    `${CONF_PATH} has one option a line; a line that begins with # is a comment.`,
    "systemctl restart clump makes a change count. journalctl -u clump names each line that cannot be used.",
  ];
  return [
    heading("clump.conf", 5, version),
    section("NAME", "clump.conf \\- options of a workstation in its cluster\n"),
    section("DESCRIPTION", notes.map(roffLine).join(".PP\n")),
    section("OPTIONS", definitions(rows)),
    section("SEE ALSO", ".BR clump (1)\n"),
  ].join("");
}

function heading(name: string, number: number, version: string): string {
  return `.TH ${name.toUpperCase()} ${number} "" "clump ${version}" "clump"\n`;
}

/** Nothing for a section without text. */
function section(title: string, text: string): string {
  return text === "" ? "" : `.SH "${title}"\n${text}`;
}

function definitions(rows: readonly Row[]): string {
  return rows.map(([word, meaning]) => `.TP\n${bold(word)}${roffLine(meaning)}`).join("");
}

function bold(text: string): string {
  return `\\fB${toRoff(text)}\\fR\n`;
}

function roffLine(text: string): string {
  return `${toRoff(text)}\n`;
}

/** A line for troff: a hyphen that can be copied, and nothing that is a request. */
function toRoff(text: string): string {
  return text.replaceAll("\\", "\\e").replaceAll("-", "\\-").replace(/^[.']/, "\\&$&");
}

function sentence(text: string): string {
  return `${text[0]?.toUpperCase()}${text.slice(1)}.`;
}

function withoutMarkdown(text: string): string {
  return text.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").replaceAll("`", "");
}
