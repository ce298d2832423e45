import { describe, expect, test } from "bun:test";
import { arrangeNodes, ORDERS } from "../../../../modes/clumpview/arrange.ts";
import { type Choice, FIRST_CHOICE, press } from "../../../../modes/clumpview/choice.ts";
import { CLUSTER } from "./states.ts";

/** The choice after these keys; nothing where ESC leads out. */
function after(...keys: readonly string[]): Choice | undefined {
  return keys.reduce<Choice | undefined>(
    (choice, key) =>
      choice && press(choice, key, { nodes: CLUSTER.nodes, showsNode: choice.page === "node" }),
    FIRST_CHOICE,
  );
}

describe("press()", () => {
  test.each<[string, string[], Partial<Choice>]>([
    ["s m r u l lead to bars, and choose what they stand for", ["s"], { page: "bars", measure: "speed" }],
    ["S is the speed too", ["tab", "S"], { page: "bars", measure: "speed" }],
    ["m is memory", ["tab", "m"], { page: "bars", measure: "memory" }],
    [
      "keys of the nodes lead to them from the page of this node",
      ["tab", "o"],
      { page: "table", order: "load" },
    ],
    ["so do d and t", ["tab", "d"], { page: "table", showsDead: false }],
    ["n leads to them too", ["tab", "n"], { page: "table", selected: "192.168.1.220" }],
    ["a lets the page choose again", ["tab", "a"], { page: "auto" }],
    [
      "arrows turn the pages of the facts on this node",
      ["tab", "down", "page down", "up"],
      { page: "node", factsPage: 1 },
    ],
    ["r is its share", ["r"], { measure: "share" }],
    ["u is the processors", ["u"], { measure: "use" }],
    ["l is the load", ["m", "l"], { measure: "load" }],
    ["d hides the dead", ["d"], { showsDead: false }],
    ["d shows them again", ["d", "d"], { showsDead: true }],
    ["t hides the total", ["t"], { showsTotal: false }],
    ["w makes bars wide", ["w"], { page: "bars", labels: "wide" }],
    ["v makes them narrow", ["v"], { page: "bars", labels: "vertical" }],
    ["a lets the page choose", ["v", "a"], { page: "auto", labels: "auto" }],
    ["o goes round all orders", ORDERS.map(() => "o"), { order: "node" }],
    ["Tab leads from the others to this node", ["tab"], { page: "node" }],
    ["Tab leads on", ["tab", "tab"], { page: "table" }],
    ["Tab leads to the bars", ["tab", "tab", "tab"], { page: "bars" }],
    ["Tab leads to the jobs", ["tab", "tab", "tab", "tab"], { page: "jobs" }],
    ["Tab leads round", ["tab", "tab", "tab", "tab", "tab"], { page: "node" }],
    ["j leads to the jobs", ["j"], { page: "jobs", jobsPage: 0 }],
    ["arrows turn the pages of the jobs", ["j", "down", "page down", "up"], { page: "jobs", jobsPage: 1 }],
    ["ESC leads back from the jobs", ["j", "escape"], { page: "auto" }],
    ["n leads from the jobs to the nodes", ["j", "n"], { page: "table", selected: "192.168.1.220" }],
    ["o leads from the jobs to the nodes", ["j", "o"], { page: "table", order: "load" }],
    ["down marks the first node", ["down"], { selected: "192.168.1.5" }],
    ["down and up", ["down", "down", "down", "up"], { selected: "192.168.1.77" }],
    ["n marks a node far on", ["n"], { selected: "192.168.1.220" }],
    ["Home and End", ["end", "home"], { selected: "192.168.1.5" }],
    ["moving stays among the nodes that are shown", ["d", "down"], { selected: "192.168.1.77" }],
    ["Enter opens the marked node", ["down", "down", "enter"], { selected: "192.168.1.77", over: "detail" }],
    ["Enter opens this node where none is marked", ["enter"], { selected: "192.168.1.77", over: "detail" }],
    [
      "Enter opens the first one where the filter hides this node",
      ["/", "d", "e", "a", "d", "enter", "enter"],
      { selected: "192.168.1.130", over: "detail" },
    ],
    ["Enter closes it", ["enter", "enter"], { over: undefined }],
    ["arrows lead to the next one", ["enter", "down"], { selected: "192.168.1.78", over: "detail" }],
    ["ESC leads back from a node", ["enter", "escape"], { over: undefined }],
    ["h is help", ["h"], { over: "help" }],
    ["any key leads back from help and does nothing else", ["h", "m"], { over: undefined, measure: "load" }],
    ["ESC leads back from help", ["?", "escape"], { over: undefined }],
    ["h leads back from help", ["?", "h"], { over: undefined }],
    ["arrows turn the pages of help", ["h", "down", "page down", "up"], { over: "help", helpPage: 1 }],
    ["help begins with its first page", ["h", "down", "h", "h"], { over: "help", helpPage: 0 }],
    [
      "ESC drops a filter that is in force, and does nothing else",
      ["down", "/", "7", "enter", "escape"],
      { filter: "", selected: "192.168.1.5" },
    ],
    ["Backspace does too", ["/", "7", "enter", "backspace"], { filter: "" }],
    [
      "what is typed after / is the filter",
      ["/", "d", "q", "backspace", "enter"],
      { filter: "d", isTyping: false },
    ],
    ["ESC drops the filter", ["/", "d", "escape"], { filter: "", isTyping: false }],
    ["keys with names do not get into it", ["/", "up", "other"], { filter: "", isTyping: true }],
    ["/ leads to where a filter can be seen", ["tab", "/"], { page: "table" }],
    ["other keys change nothing", ["x", "other", "constructor"], FIRST_CHOICE],
  ])("%s", (_, keys, wanted) => {
    expect(after(...keys)).toMatchObject(wanted);
  });

  test("ESC leads out where there is nothing to go back from", () => {
    expect(after("escape")).toBeUndefined();
    expect(after("down", "escape")).toBeUndefined();
    expect(after("/", "d", "enter", "escape", "escape")).toBeUndefined();
    expect(after("/", "d", "enter", "tab", "escape")).toBeUndefined();
  });

  test("j shows the jobs of a node that is in no cluster yet", () => {
    expect(press(FIRST_CHOICE, "j", { nodes: [], showsNode: true })?.page).toBe("jobs");
  });

  test("Tab leads a node that is alone from itself to the list", () => {
    expect(press(FIRST_CHOICE, "tab", { nodes: CLUSTER.nodes.slice(0, 1), showsNode: true })?.page).toBe(
      "table",
    );
  });

  test("no key needs a node", () => {
    for (const key of ["down", "enter", "end", "p"])
      expect(press(FIRST_CHOICE, key, { nodes: [], showsNode: false })).toEqual(FIRST_CHOICE);
  });

  test("a filter has an end", () => {
    expect(after("/", ...Array.from({ length: 100 }, () => "1"))?.filter.length).toBe(40);
  });
});

describe("arrangeNodes()", () => {
  const ids = (choice: Partial<Choice>) =>
    arrangeNodes(CLUSTER.nodes, { ...FIRST_CHOICE, ...choice }).map(({ id }) => id);

  test.each<[string, Partial<Choice>, number[]]>([
    ["by number", {}, [5, 77, 78, 101, 130, 220]],
    ["by load, those last that are not there", { order: "load" }, [78, 77, 101, 5, 130, 220]],
    ["by memory", { order: "memory" }, [77, 101, 78, 5, 130, 220]],
    ["by address", { order: "address" }, [5, 77, 78, 101, 130, 220]],
    ["without the dead", { showsDead: false }, [77, 78, 101, 220]],
    ["of one number alone", { filter: "7" }, []],
    ["of one number", { filter: "77" }, [77]],
    ["of the begin of an address", { filter: "192.168.1.1" }, [101, 130]],
    ["of the end of an address", { filter: "1.5" }, [5]],
    ["in one state", { filter: "up" }, [77, 78]],
    ["where all words are so", { filter: "192. dead" }, [130]],
  ])("gives nodes %s", (_, choice, wanted) => {
    expect(ids(choice)).toEqual(wanted);
  });

  test("orders addresses as numbers, and equal loads by node", () => {
    const nodes = ["10.0.0.10", "10.0.0.9", "9.255.0.1"].map((address, index) => ({
      ...CLUSTER.nodes[2]!,
      id: 3 - index,
      address,
    }));
    const order = (by: Choice["order"]) =>
      arrangeNodes(nodes, { ...FIRST_CHOICE, order: by }).map(({ address }) => address);
    expect(order("address")).toEqual(["9.255.0.1", "10.0.0.9", "10.0.0.10"]);
    expect(order("load")).toEqual(["9.255.0.1", "10.0.0.9", "10.0.0.10"]);
  });
});
