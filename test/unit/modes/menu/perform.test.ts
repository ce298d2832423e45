import { describe, expect, test } from "bun:test";
import type { Order } from "../../../../modes/menu/order.ts";
import type { Request } from "../../../../modes/menu/page.ts";
import { perform } from "../../../../modes/menu/perform.ts";
import { makeRoot } from "../../../fixtures/root.ts";

const SAID = { ok: true, output: "", complaint: "" };
const CHANGES = "If you are sure about the change, use 'setpe -W'";

/** What comes of a request where tools answer so, by words of their command. */
async function outcome(request: Request, answers: Record<string, Partial<typeof SAID>> = {}, refusal = "") {
  using root = makeRoot();
  const [commands, orders]: [string[], Order[]] = [[], []];
  const page = await perform(request, {
    root: root.path,
    run: async (command) => {
      commands.push(command.join(" "));
      const [, answer] = Object.entries(answers).find(([words]) => commands.at(-1)?.includes(words)) ?? [];
      return { ...SAID, ...answer };
    },
    giveOrder: async (_, order) => {
      orders.push(order);
      if (refusal !== "") throw new Error(refusal);
    },
  });
  return { commands, orders, page };
}

describe("perform()", () => {
  const order = { do: "dhcp", nic: "eth0" } as const;

  test("gives an order, and shows what it led to", async () => {
    const { orders, page } = await outcome({ do: "order", order, title: "eth0 asks" });
    expect([orders, page?.title]).toEqual([[order], "eth0 asks"]);
  });

  test("shows why an order was refused", async () => {
    const { page } = await outcome(
      { do: "order", order, title: "eth0 asks" },
      {},
      "Cannot set up eth0: gone",
    );
    expect(page).toMatchObject({ title: "That did not work", lines: ["Cannot set up eth0: gone"] });
  });

  test("checks a map before it offers to apply it", async () => {
    const { commands, page } = await outcome({ do: "check a map", file: "/tmp/map" });
    expect(commands).toEqual(["/usr/sbin/setpe -c -f /tmp/map"]);
    const request = { do: "apply a map", file: "/tmp/map", force: false };
    expect(page).toMatchObject({ title: "The map is right", next: { request } });
  });

  test("offers nothing for a map that is wrong", async () => {
    const wrong = { "setpe -c": { ok: false, complaint: "setpe: 2 appears twice" } };
    const { page } = await outcome({ do: "check a map", file: "/tmp/map" }, wrong);
    expect(page).toMatchObject({ title: "The map cannot be used", lines: ["setpe: 2 appears twice"] });
    expect(page).not.toHaveProperty("next");
  });

  test.each([
    [false, "/usr/sbin/setpe -w -f /tmp/map"],
    [true, "/usr/sbin/setpe -W -f /tmp/map"],
  ])("applies a map (force %p) and shows the one in force", async (force, command) => {
    const request = { do: "apply a map", file: "/tmp/map", force } as const;
    const { commands, page } = await outcome(request, { "setpe -r": { output: "This is node 5\n" } });
    expect(commands).toEqual([command, "/usr/sbin/setpe -r"]);
    expect(page).toMatchObject({ title: "The map is in force", lines: ["This is node 5"] });
  });

  test("offers to apply a map all the same where setpe does", async () => {
    const request = { do: "apply a map", file: "/tmp/map", force: false } as const;
    const refused = await outcome(request, { "setpe -w": { ok: false, complaint: CHANGES } });
    expect(refused.page).toMatchObject({ next: { request: { ...request, force: true } } });
    const broken = await outcome(request, { "setpe -w": { ok: false, complaint: "restored!" } });
    expect(broken.page).not.toHaveProperty("next");
  });

  test("shows what was found", async () => {
    const output = "00:03.0 Ethernet [1af4:1000]\n\tKernel driver in use: virtio-pci";
    const { page } = await outcome({ do: "show the probes" }, { lspci: { output } });
    const lines = ["00:03.0 Ethernet [1af4:1000]", "    Kernel driver in use: virtio-pci"];
    expect(page).toMatchObject({ lines: expect.arrayContaining(lines) });
  });

  test("sends a report, and shows where it went and why not farther", async () => {
    const said = {
      output: "Report written to x\n",
      ok: false,
      complaint: "clump: Cannot send the report to y",
    };
    const { commands, page } = await outcome({ do: "report", where: "usb" }, { report: said });
    expect(commands).toEqual(["/usr/bin/clump report usb"]);
    expect(page).toMatchObject({ lines: ["Report written to x", said.complaint] });
  });

  test("leaves the place of a report to clump.report= where none is named", async () => {
    const { commands } = await outcome({ do: "report", where: "" });
    expect(commands).toEqual(["/usr/bin/clump report"]);
  });

  test("shows why the machine does not end", async () => {
    const refused = { reboot: { ok: false, complaint: "reboot: Operation not permitted" } };
    const { page } = await outcome({ do: "end", how: "reboot" }, refused);
    expect(page).toMatchObject({ lines: ["reboot: Operation not permitted"] });
  });

  test.each([
    [{ do: "end", how: "poweroff" } as const, ["/usr/bin/busybox poweroff"]],
    [{ do: "leave" } as const, []],
  ])("has no page after %j", async (request, commands) => {
    expect(await outcome(request)).toMatchObject({ page: undefined, commands });
  });
});
