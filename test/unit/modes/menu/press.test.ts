import { describe, expect, test } from "bun:test";
import type { Page, Pages, Request, World } from "../../../../modes/menu/page.ts";
import { mainMenu, textPage } from "../../../../modes/menu/pages.ts";
import { press, show } from "../../../../modes/menu/press.ts";

const NIC = { mac: "52:54:00:12:34:56", device: "virtio_net", carrier: true, dhcp: "asking" };
const WORLD: World = {
  status: {
    ...{ version: "7", hostname: "pc7", mode: "Expert", problems: [], warnings: [] },
    nics: [
      { ...NIC, name: "eth0" },
      { ...NIC, name: "eth1", carrier: false },
    ],
    ...{ nic: "eth0", address: "10.0.0.7", prefix: 24 },
  },
  reportTarget: "",
};

const NAMES = /^(up|down|enter|escape|backspace|tab|interrupt|page down|page up|redraw)$/;

/** Presses names of keys, and types texts. */
function type(
  keys: readonly string[],
  { pages = [mainMenu()], world = WORLD }: { pages?: Pages; world?: World } = {},
) {
  const requests: Request[] = [];
  const single = keys.flatMap((key) => (NAMES.test(key) ? [key] : [...key]));
  const end = single.reduce((now: Pages, key) => {
    const pressed = press(now, key, world);
    if (pressed.request) requests.push(pressed.request);
    return pressed.pages;
  }, pages);
  return { pages: end, top: end.at(-1)!, requests };
}

const times = (count: number, key: string) => Array<string>(count).fill(key);

describe("a menu", () => {
  test("is moved through, and stops at its ends", () => {
    const chosen = (...keys: string[]) => {
      const { top } = type(keys);
      return top.kind === "menu" ? top.chosen : undefined;
    };
    expect([chosen("up"), chosen("down", "tab"), chosen(...times(20, "down"))]).toEqual([0, 2, 7]);
  });

  test.each([
    ["the chosen item", "enter"],
    ["an item by its number", "1"],
  ])("opens %s, and escape leads back", (_, key) => {
    const { top, pages } = type([key]);
    expect(top).toMatchObject({ kind: "menu", title: "Which network card?" });
    expect(type(["escape"], { pages }).pages).toHaveLength(1);
    expect(type(["q"], { pages }).pages).toHaveLength(1);
  });

  test("ignores a number it has not, and other letters", () => {
    expect(type(["9", "x", "redraw"]).pages).toHaveLength(1);
  });

  test.each(["escape", "q", "interrupt", "6"])("the first is left by %s", (key) => {
    expect(type([key]).requests).toEqual([{ do: "leave" }]);
  });

  test("of network cards has nothing to choose where there is none, until there is one", () => {
    const { pages, top, requests } = type(["1", "enter"], { world: { ...WORLD, status: undefined } });
    expect([pages.length, requests]).toEqual([2, []]);
    expect(top).toMatchObject({ empty: expect.stringContaining("There is no network card that works") });
    expect(type(["enter"], { pages }).top.title).toBe("What do you want to do with eth0?");
  });

  test("keeps to what there is when a network card goes", () => {
    const { pages } = type(["1", "down"]);
    const [eth0] = WORLD.status?.nics ?? [];
    const world = { ...WORLD, status: { ...WORLD.status!, nics: [eth0!] } };
    expect(type(["enter"], { pages, world }).top.title).toBe("What do you want to do with eth0?");
  });

  test("asks before the machine ends", () => {
    expect(type(["8"]).requests).toEqual([]);
    expect(type(["8", "1"]).requests).toEqual([{ do: "end", how: "poweroff" }]);
    expect(type(["7", "enter"]).requests).toEqual([{ do: "end", how: "reboot" }]);
  });

  test.each([
    ["dhcp", { do: "dhcp", nic: "eth1" }, "121"],
    ["nic", { do: "nic", nic: "eth1" }, "123"],
    ["start", { do: "start", service: "clumpd" }, "21"],
    ["stop", { do: "stop", service: "clumpd" }, "22"],
  ])("gives the order %s", (_, order, keys) => {
    expect(type([keys]).requests).toMatchObject([{ do: "order", order }]);
  });

  test("says that a cable has no signal", () => {
    expect(type(["12"]).top.title).toContain("Its cable has no signal");
    expect(type(["11"]).top.title).not.toContain("cable");
  });
});

describe("the form of an address", () => {
  const FORM = "122";

  test("gives the order once every field is right", () => {
    const typed = ["10.0.0.5/24", "enter", "10.0.0.1", "enter", "10.0.0.2 10.0.0.3", "enter"];
    expect(type([FORM, ...typed]).requests).toEqual([
      {
        do: "order",
        title: "eth1 has 10.0.0.5/24",
        order: {
          ...{ do: "static", nic: "eth1", address: "10.0.0.5", prefix: 24, gateway: "10.0.0.1" },
          nameServers: ["10.0.0.2", "10.0.0.3"],
        },
      },
    ]);
  });

  test("takes an address alone", () => {
    const { requests } = type([FORM, "10.0.0.5/24", ...times(3, "enter")]);
    expect(requests).toMatchObject([{ order: { address: "10.0.0.5", nameServers: [] } }]);
    expect(requests[0]).not.toHaveProperty("order.gateway");
  });

  test.each([
    ["the address", ["10.0.0.500", ...times(3, "enter")], 0, "Cannot use 10.0.0.500 as the address"],
    ["the router", ["10.0.0.5/24", "enter", "10.9.0.1", "enter", "enter"], 1, "10.9.0.1 as the router"],
    ["the name servers", ["10.0.0.5/24", "down", "down", "dns", "enter"], 2, "dns as the name server"],
  ])("says what is wrong with %s, and goes there", (_, typed, at, complaint) => {
    const { top, requests } = type([FORM, ...typed]);
    expect(requests).toEqual([]);
    expect(top).toMatchObject({ kind: "form", at, complaint: expect.stringContaining(complaint) });
  });

  test("is mended where it was wrong", () => {
    const wrong = type([FORM, "10.0.0.5/99", ...times(3, "enter")]);
    const { requests } = type([...times(2, "backspace"), "24", ...times(3, "enter")], { pages: wrong.pages });
    expect(requests).toMatchObject([{ order: { address: "10.0.0.5", prefix: 24 } }]);
  });

  test("begins with what the card has, and q is a letter in it", () => {
    const fields = [{ value: "10.0.0.7/24q" }, { value: "" }, { value: "" }];
    expect(type(["112", "q"]).top).toMatchObject({ kind: "form", fields });
  });

  test("is left by escape with nothing done", () => {
    expect(type([FORM, "10.0.0.5/24", "escape"])).toMatchObject({ requests: [], top: { kind: "menu" } });
  });

  test("is not left by its ends", () => {
    expect(type([FORM, "up", ...times(5, "down")]).top).toMatchObject({ kind: "form", at: 2 });
  });
});

test("the form of the report begins with where clump.report= says, else with usb, and checks it", () => {
  expect(type(["5", "enter"]).requests).toEqual([{ do: "report", where: "usb" }]);
  const world = { ...WORLD, reportTarget: "http://10.0.0.1/" };
  expect(type(["5", "enter"], { world }).requests).toEqual([{ do: "report", where: "http://10.0.0.1/" }]);
  const secret = { ...WORLD, reportTarget: "http://me:word@10.0.0.1/" };
  expect(JSON.stringify(type(["5"], { world: secret }).top)).toContain('"http://***@10.0.0.1/"');
  expect(type(["5", "enter"], { world: secret }).requests).toEqual([{ do: "report", where: "" }]);
  const complaint = expect.stringContaining("Cannot use usbx");
  expect(type(["5", "x", "enter"]).top).toMatchObject({ complaint });
});

test("the form of the map begins with the one in force, and wants a file", () => {
  expect(type(["3", "enter"]).requests).toEqual([{ do: "check a map", file: "/etc/mosix.map" }]);
  const complaint = expect.stringContaining("without a file");
  expect(type(["3", ...times(20, "backspace"), "enter"]).top).toMatchObject({ complaint });
});

describe("what is being done", () => {
  const busy = type(["4"]);

  test("is said until its outcome is there, which takes its place", () => {
    expect(busy.top.kind).toBe("busy");
    const shown = show(busy.pages, textPage("What was found", "all"));
    expect(shown.map(({ kind }) => kind)).toEqual(["menu", "text"]);
  });

  test("may be left before that", () => {
    expect(type(["x", "enter"], busy).pages).toHaveLength(2);
    expect(type(["escape"], busy).pages).toHaveLength(1);
  });
});

test("Ctrl-C leaves from anywhere", () => {
  expect(type(["122", "10.0.0.5", "interrupt"]).requests).toEqual([{ do: "leave" }]);
});

describe("a text", () => {
  const text = (more: Partial<Extract<Page, { kind: "text" }>> = {}): Pages => [
    mainMenu(),
    { ...textPage("found", "1\n2\n3\n".repeat(10)), ...more },
  ];
  const topOf = (...keys: string[]) => {
    const { top } = type(keys, { pages: text() });
    return top.kind === "text" ? top.top : undefined;
  };

  test("moves by lines and pages, within its ends", () => {
    expect([topOf("down", "down", "up"), topOf("page down"), topOf(" ", " ", "page up")]).toEqual([
      1, 10, 10,
    ]);
    expect([topOf("up"), topOf(...times(9, "page down"))]).toEqual([0, 29]);
  });

  test.each(["enter", "escape", "q"])("is left by %s", (key) => {
    expect(type([key], { pages: text() }).pages).toHaveLength(1);
  });

  test("that leads on does so by Enter, and takes no place among the pages then", () => {
    const request = { do: "apply a map", file: "/tmp/map", force: false } as const;
    const { pages, requests } = type(["enter"], { pages: text({ next: { label: "apply it", request } }) });
    expect([pages.length, requests]).toEqual([2, [request]]);
    expect(pages.at(-1)?.kind).toBe("busy");
  });
});
