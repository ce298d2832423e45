import { describe, expect, test } from "bun:test";
import { draw } from "../../../../modes/menu/draw.ts";
import type { Page, World } from "../../../../modes/menu/page.ts";
import { mainMenu, textPage } from "../../../../modes/menu/pages.ts";
import { press } from "../../../../modes/menu/press.ts";

const WORLD: World = {
  status: {
    ...{ version: "7", hostname: "pc7", mode: "Expert", problems: [], warnings: [] },
    nics: [{ name: "eth0", mac: "", device: "virtio_net", carrier: true, dhcp: "asking", sinceUptime: 18 }],
  },
  reportTarget: "",
};
const frame = (page: Page, width = 80, height = 24) => draw(page, WORLD, 20, { width, height }).lines();
const [, , addressForm] = ["1", "1", "2"]
  .reduce((pages, key) => press(pages, key, WORLD).pages, [mainMenu()] as Parameters<typeof press>[0])
  .slice(1) as Page[];

describe("draw()", () => {
  test("shows how the node is doing, the menu and the keys", () => {
    expect(frame(mainMenu())).toEqual([
      " clump menu, pc7",
      " not configured yet",
      " eth0      asking for 2 s  (virtio_net)",
      "─".repeat(80),
      " What do you want to do?",
      "",
      " > 1  Set up a network card",
      "   2  Start or stop a service",
      "   3  Check and apply a map",
      "   4  See what was found in this machine",
      "   5  Write the report, and send it",
      "   6  Go to the shell",
      "   7  Restart the machine",
      "   8  Power it off",
      ...Array<string>(8).fill(""),
      "─".repeat(80),
      " up, down, Enter, or its number; [ESC] back",
    ]);
  });

  test("shows a form with what is typed, what is wanted and what is wrong", () => {
    const lines = frame({ ...addressForm, complaint: "Cannot use 10 as the address" } as Page);
    expect(lines.slice(6, 14)).toEqual([
      " > address       _",
      "                 10.0.0.5/24",
      "   router",
      "                 10.0.0.1, or nothing",
      "   name servers",
      "                 10.0.0.2 10.0.0.3, or nothing",
      "",
      " Cannot use 10 as the address",
    ]);
  });

  test("parts a long complaint between its words", () => {
    const complaint =
      "Cannot use 192.168.0.0/24 as the address: it is the address of the network, and that of a host was wanted";
    const lines = frame({ ...addressForm, complaint } as Page);
    const first = lines.findIndex((line) => line.includes("Cannot use"));
    expect(
      lines
        .slice(first, first + 2)
        .map((line) => line.trim())
        .join(" "),
    ).toBe(complaint);
  });

  test("wraps a text, and leaves out what is above", () => {
    const page = { ...textPage("found", `first\n${"x".repeat(100)}\nlast`), top: 1 };
    expect(frame(page).slice(6, 9)).toEqual([` ${"x".repeat(78)}`, ` ${"x".repeat(22)}`, " last"]);
  });

  test("says where there is no network card", () => {
    const [, cards] = press([mainMenu()], "1", WORLD).pages;
    const nobody = { ...WORLD, status: { ...WORLD.status!, nics: [] } };
    const lines = draw(cards!, nobody, 20, { width: 80, height: 24 }).lines();
    expect(lines.join("\n")).toContain("There is no network card that works.");
  });

  test("says where Enter leads", () => {
    const next = { label: "apply it", request: { do: "leave" } } as const;
    expect(frame(textPage("right", "", next)).at(-1)).toBe(" Enter: apply it; [ESC] back");
  });

  test("keeps the chosen item in sight", () => {
    expect(frame({ ...mainMenu(), chosen: 7 }, 40, 10).join("\n")).toContain("> 8  Power it off");
  });

  test.each([
    [0, 0],
    [1, 1],
    [20, 5],
    [200, 70],
  ])("takes a terminal of %i by %i", (width, height) => {
    const busy = { kind: "busy", title: "A moment" } as const;
    for (const page of [mainMenu(), addressForm!, textPage("found", "all"), busy])
      expect(frame(page, width, height)).toHaveLength(height);
  });
});
