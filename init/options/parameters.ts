/**
 * The parameters of the kernel command line that are options of clump, by name. They are read by the parser of yargs,
 * in the build of it that needs nothing else: yargs itself would delay every boot by a third of a second under emulation.
 */

import parse from "yargs-parser/browser";
import { TOOLS_OPTION } from "../../modes/serve/tools-files.ts";
import { BOOLEAN_WANTED, parseBoolean } from "../../system/boolean.ts";
import { hideUser, SECRET_NAMES } from "../../system/secrets.ts";
import { modeOfParameter, systemdParameter } from "./mode-parameters.ts";

/** Other names of options. */
const SYNONYMS: ReadonlyMap<string, string> = new Map([
  ["systemd.hostname", "hostname"],
  ["rd.driver.blacklist", "modprobe.blacklist"],
  ["blacklist", "modprobe.blacklist"],
  ["rd.debug", "debug"],
  ["inst.vncpassword", "clump.vnc.password"],
]);

/** Never part of a complaint. */
const SECRETS = SECRET_NAMES.filter((name) => !SYNONYMS.has(name));
/** `quiet` is the kernel's alone: with it the kernel shows the consoles no more than warnings, those of clump included. */
const OPTIONS = [
  ...["clump.mode", "clump.map", "clump.map.span", "clump.discovery", "clump.control", "clump.report"],
  ...[
    "clump.serve",
    "clump.web",
    "clump.vnc",
    "clump.nic",
    "clump.hostname",
    "clump.eject",
    "clump.moves",
    "clump.balance",
    "clump.guests",
    "clump.root",
    "clump.demo",
    "clump.topology",
    "clump.ssh",
    "clump.slurm",
    "clump.slurm.leave",
    "clump.users",
    "clump.mount",
    "clump.trace",
    TOOLS_OPTION,
    ...SECRETS,
  ],
  ...["hostname", "panic", "modprobe.blacklist", "BOOTIF", "debug"],
];
/** All that is read here; the document has them too. */
export const OPTION_NAMES: readonly string[] = [...SYNONYMS.keys(), ...OPTIONS];
const OWN_PREFIX = "clump.";
/** Stands before each value, because yargs takes quotes around a value for its own: the kernel knows double quotes only. */
const MARK = "=";

export class Parameters {
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #complaints: string[] = [];

  /** Takes parameters that are parted already; those that are no options of clump are ignored. */
  constructor(parameters: readonly string[]) {
    this.#values = parse(parameters.flatMap(toArgument), {
      string: OPTIONS,
      configuration: { "camel-case-expansion": false, "dot-notation": false },
    }) as Readonly<Record<string, unknown>>;
    const unknown = Object.keys(this.#values).filter((name) => name.startsWith(OWN_PREFIX));
    for (const name of unknown.filter((name) => !OPTIONS.includes(name)))
      this.#complaints.push(`Cannot use ${name}: there is no such option, ignoring`);
  }

  /** One sentence for each value that could not be used. */
  complaints(): readonly string[] {
    return this.#complaints;
  }

  /** All values of an option, as they were typed. */
  texts(name: string): string[] {
    const value = this.#values[name];
    const values: unknown[] = Array.isArray(value) ? value : [value];
    return values.filter((item) => typeof item === "string").map((text) => text.slice(MARK.length));
  }

  /** The last value that can be used: a bad one takes nothing away from a good one before it. */
  last<T>(name: string, wanted: string, convert: (value: string) => T | undefined): T | undefined {
    return this.all(name, wanted, convert).at(-1);
  }

  /** All values that can be used; each other value leaves a complaint. */
  all<T>(name: string, wanted: string, convert: (value: string) => T | undefined): T[] {
    const usable: T[] = [];
    for (const value of this.texts(name)) {
      const converted = convert(value);
      if (converted === undefined) this.refuse(name, value, wanted);
      else usable.push(converted);
    }
    return usable;
  }

  /** Whether an option is on: a bare one is. */
  boolean(name: string, byDefault: boolean): boolean {
    const isOn = (value: string) => (value === "" ? true : parseBoolean(value));
    return this.last(name, BOOLEAN_WANTED, isOn) ?? byDefault;
  }

  /** Complains of a value, unless it is a secret. */
  refuse(name: string, value: string, wanted: string): void {
    const shown = SECRETS.includes(name) && value !== "" ? "***" : hideUser(value);
    this.#complaints.push(`Cannot use ${name}=${shown}: ${wanted} is wanted, ignoring`);
  }

  complain(sentence: string): void {
    this.#complaints.push(sentence);
  }
}

/** One parameter as an argument for the parser; none for a parameter that is no option of clump. */
function toArgument(parameter: string): string[] {
  const mode = modeOfParameter(parameter);
  if (mode !== undefined) return [`--clump.mode=${MARK}${mode}`];
  const [given = "", ...rest] = systemdParameter(parameter).split("=");
  const name = SYNONYMS.get(given) ?? given;
  if (!OPTIONS.includes(name) && !name.startsWith(OWN_PREFIX)) return [];
  return [`--${name}=${MARK}${rest.join("=")}`];
}
