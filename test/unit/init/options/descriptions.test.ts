import { expect, test } from "bun:test";
import { DESCRIPTIONS } from "../../../../init/options/descriptions.ts";
import { MODE_PARAMETERS } from "../../../../init/options/mode-parameters.ts";
import { OPTION_NAMES } from "../../../../init/options/parameters.ts";
import { NETWORK_OPTION_NAMES } from "../../../../probes/network-options/options.ts";

const NAMES = [...OPTION_NAMES, ...NETWORK_OPTION_NAMES, ...MODE_PARAMETERS.keys()];
const ROWS = Object.values(DESCRIPTIONS).flat();

/** "ip" of "ip=dhcp"; a parameter of a mode is whole. */
function nameOf(form: string): string {
  return MODE_PARAMETERS.has(form) ? form : form.replace(/^"/, "").split("=")[0]!;
}

test("every option that the program reads is described", () => {
  const described = ROWS.flatMap(({ forms }) => forms.map(nameOf));
  expect(NAMES.filter((name) => !described.includes(name))).toEqual([]);
});

test("only the kernel's options are described without being read", () => {
  const ours = ROWS.filter(({ meaning }) => !meaning.startsWith("the kernel's: "));
  expect(ours.flatMap(({ forms }) => forms.map(nameOf)).filter((name) => !NAMES.includes(name))).toEqual([]);
});

test("the parameters that choose a mode are described with that mode", () => {
  const row = DESCRIPTIONS.mode.find(({ forms }) => forms.includes("emergency"));
  expect(row?.forms).toEqual(["emergency", "rd.emergency", "-b", "systemd.unit=emergency.target"]);
});
