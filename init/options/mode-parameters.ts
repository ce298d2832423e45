import { MODES, type ModeName } from "../../modes/index.ts";

/** Words of other systems and of the boot prompt that choose a mode; practice of dracut, Debian, systemd and SysV. */
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
  ["systemd.unit=rescue.target", "expert"],
  ["systemd.debug_shell", "expert"],
  ["emergency", "safe"],
  ["-b", "safe"],
  ["systemd.unit=emergency.target", "safe"],
]);

/** The mode that a word of the kernel command line is for, all of it. */
export function modeOfParameter(word: string): ModeName | undefined {
  return MODE_PARAMETERS.get(word) ?? MODE_PARAMETERS.get(shellWord(word));
}

/** `rd.break=pre-mount` and `break=premount` ask for a shell as the bare words do; `rd.shell=0` does not. */
function shellWord(word: string): string {
  const [name = "", value] = word.split("=");
  const asks = name === "rd.break" || name === "break" || (name === "rd.shell" && value !== "0");
  return asks ? name : "";
}
