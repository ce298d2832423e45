import { MODES, type ModeName } from "../../modes/index.ts";
import { BOOLEAN_WANTED, parseBoolean } from "../../system/boolean.ts";

/** Parameters of other systems and of the boot prompt that choose a mode; practice of dracut, Debian, systemd and SysV. */
export const MODE_PARAMETERS: ReadonlyMap<string, ModeName> = new Map([
  ...Object.values(MODES).map(({ name }): [string, ModeName] => [name, name]),
  ["rd.shell", "expert"],
  ["rd.break", "expert"],
  ["break", "expert"],
  ["single", "expert"],
  ["s", "expert"],
  ["S", "expert"],
  ["1", "expert"],
  ["rescue", "expert"],
  ["rd.rescue", "expert"],
  ["systemd.unit=rescue.target", "expert"],
  ["systemd.debug_shell", "expert"],
  ["emergency", "safe"],
  ["rd.emergency", "safe"],
  ["-b", "safe"],
  ["systemd.unit=emergency.target", "safe"],
]);

/** Options that take a boolean; systemd's takes the name of a terminal too, systemd-debug-generator(8). */
const BOOLEANS: ReadonlyMap<string, (value: string) => boolean | undefined> = new Map([
  ["rd.shell", parseBoolean],
  ["systemd.debug_shell", (value) => parseBoolean(value) ?? (isTerminal(value) ? true : undefined)],
]);
/** Debian's and dracut's take the stage at which they stop. */
const WITH_STAGE = ["rd.break", "break"];

/** The mode that a whole parameter is for. */
export function modeOfParameter(parameter: string): ModeName | undefined {
  const text = systemdParameter(parameter);
  const [name = "", ...rest] = text.split("=");
  const isOn =
    rest.length > 0 && (WITH_STAGE.includes(name) || BOOLEANS.get(name)?.(rest.join("=")) === true);
  return MODE_PARAMETERS.get(isOn ? name : text);
}

/** A sentence for a parameter that chooses a mode by a boolean, and whose value is none. */
export function complaintOfMode(parameter: string): string | undefined {
  const [name = "", ...rest] = systemdParameter(parameter).split("=");
  const parse = BOOLEANS.get(name);
  if (parse === undefined || rest.length === 0 || parse(rest.join("=")) !== undefined) return undefined;
  return `Cannot use ${parameter}: ${BOOLEAN_WANTED} is wanted, ignoring`;
}

/** A parameter of systemd in its plainest form: `rd.` before it and hyphens for underscores mean the same there. */
export function systemdParameter(parameter: string): string {
  const match = /^(?:rd\.)?(systemd\.[^=]*)(.*)$/s.exec(parameter);
  return match === null ? parameter : `${match[1]!.replaceAll("-", "_")}${match[2]}`;
}

function isTerminal(value: string): boolean {
  return /^(\/dev\/)?(tty|hvc)[A-Za-z]*\d+$/.test(value);
}
