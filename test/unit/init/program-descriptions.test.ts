import { expect, test } from "bun:test";
import { VERBS } from "../../../init/clump.ts";
import { COMMAND_DESCRIPTIONS, SERVICE_DESCRIPTIONS } from "../../../init/program-descriptions.ts";
import { PROGRAMS } from "../../../init/programs.ts";

const FORMS = [...COMMAND_DESCRIPTIONS, ...SERVICE_DESCRIPTIONS].flatMap(({ forms }) => forms);

test("every program is described, and no other", () => {
  const described = new Set(FORMS.map((form) => form.split(" ")[0]!));
  expect([...described].toSorted()).toEqual(Object.keys(PROGRAMS).toSorted());
});

test("every verb of clump is described, and no other", () => {
  const described = new Set(FORMS.flatMap((form) => /^clump (\w+)/.exec(form)?.[1] ?? []));
  expect([...described].toSorted()).toEqual([...Object.keys(VERBS), "help"].toSorted());
});
