/** The menus and forms. */

import { MAP_PATH } from "../../cluster/map/node-map.ts";
import { reason } from "../../system/log.ts";
import { hideUser } from "../../system/secrets.ts";
import type { NicStatus, NodeStatus } from "../../system/state/node-status.ts";
import { parseTarget, TARGET_FORMS } from "../../system/state/report-target.ts";
import { parseAddressAndMask, parseGateway, parseNameServers } from "./fixed-address.ts";
import { SERVICE_WORDS, type ServiceByHand } from "./order.ts";
import type { Form, Item, Menu, Mistake, Page, Request, Step, Text, World } from "./page.ts";

const TAB = "    ";

export function mainMenu(): Menu {
  return menu("What do you want to do?", [
    item("Set up a network card", () => ({ page: cardMenu() })),
    item("Start or stop a service", () => ({ page: servicesMenu() })),
    item("Check and apply a map", () => ({ page: mapForm() })),
    item("See what was found in this machine", () => ({ request: { do: "show the probes" } })),
    item("Write the report, and send it", ({ reportTarget }) => ({ page: reportForm(reportTarget) })),
    item("Go to the shell", () => ({ request: { do: "leave" } })),
    item("Restart the machine", () => ({ page: confirmation("Restart", "reboot") })),
    item("Power it off", () => ({ page: confirmation("Power off", "poweroff") })),
  ]);
}

function cardMenu(): Menu {
  const empty = "There is no network card that works. What was found in this machine says why.";
  return { kind: "menu", title: "Which network card?", items: cardItems, chosen: 0, empty };
}

function cardItems({ status }: World): Item[] {
  const { nics = [] } = status ?? {};
  const width = Math.max(0, ...nics.map(({ name }) => name.length));
  return nics.map((nic) =>
    item(`${nic.name.padEnd(width)}  ${nic.device}  ${nic.dhcp}`, () => ({ page: waysMenu(nic, status) })),
  );
}

function waysMenu({ name, carrier }: NicStatus, status: NodeStatus | undefined): Menu {
  return menu(`What do you want to do with ${name}?${carrier ? "" : " Its cable has no signal."}`, [
    item("Ask a DHCP server for an address anew", () => ({
      request: { do: "order", order: { do: "dhcp", nic: name }, title: `${name} asks for an address` },
    })),
    item("Set its address by hand", () => ({ page: addressForm(name, status) })),
    item("Make it the primary card: the node's number comes from its address", () => ({
      request: {
        do: "order",
        order: { do: "nic", nic: name },
        title: `${name} becomes the primary card once it has an address`,
      },
    })),
  ]);
}

/** The fields begin with the address that the NIC has. */
function addressForm(nic: string, status: NodeStatus | undefined): Form {
  const has = status?.nic === nic && status.address !== undefined;
  return form(
    `Address of ${nic}`,
    [
      ["address", "10.0.0.5/24", has ? `${status.address}/${status.prefix}` : ""],
      ["router", "10.0.0.1, or nothing", ""],
      ["name servers", "10.0.0.2 10.0.0.3, or nothing", ""],
    ],
    ([address = "", router = "", servers = ""]) => {
      const own = attempt(0, () => parseAddressAndMask(address));
      if ("complaint" in own) return own;
      const gateway = attempt(1, () => ({ value: parseGateway(router, own) }));
      if ("complaint" in gateway) return gateway;
      const nameServers = attempt(2, () => ({ value: parseNameServers(servers) }));
      if ("complaint" in nameServers) return nameServers;
      const fixed = {
        ...own,
        ...(gateway.value && { gateway: gateway.value }),
        nameServers: nameServers.value,
      };
      const title = `${nic} has ${own.address}/${own.prefix}`;
      return { do: "order", order: { do: "static", nic, ...fixed }, title };
    },
  );
}

function servicesMenu(): Menu {
  const order = (verb: "start" | "stop", service: ServiceByHand): Step => ({
    request: {
      do: "order",
      order: { do: verb, service },
      title: `${service} ${verb === "start" ? "runs" : "is stopped"}`,
    },
  });
  return menu(
    SERVICE_WORDS.map((words) => words.join(" ")).join(", "),
    SERVICE_WORDS.flatMap(([service]) => [
      item(`Start ${service}`, () => order("start", service)),
      item(`Stop ${service}`, () => order("stop", service)),
    ]),
  );
}

function mapForm(): Form {
  return form(
    "Check and apply a map",
    [["file", "a map in the grammar of mosix.map", MAP_PATH]],
    ([file = ""]) =>
      file.trim() === ""
        ? { field: 0, complaint: "Cannot check a map without a file: its path was wanted" }
        : { do: "check a map", file: file.trim() },
  );
}

/** A target with a password is shown without it; unchanged, it means the target of `clump.report=`. */
function reportForm(target: string): Form {
  const shown = hideUser(target) || "usb";
  return form("Write the report, and send it", [["where", TARGET_FORMS, shown]], ([where = ""]) => {
    if (shown !== target && where.trim() === hideUser(target)) return { do: "report", where: "" };
    const wrong = attempt(0, () => parseTarget(where.trim()));
    return "complaint" in wrong ? wrong : { do: "report", where: where.trim() };
  });
}

function confirmation(verb: string, how: "reboot" | "poweroff"): Menu {
  return menu(`${verb}: nothing is kept`, [item(`${verb} now`, () => ({ request: { do: "end", how } }))]);
}

/** A page of text with the outcome of a request. */
export function textPage(title: string, text: string, next?: Text["next"]): Text {
  // A canvas has no tabs; lspci and other tools indent with them.
  const lines = text.trimEnd().replaceAll("\t", TAB).split("\n");
  return { kind: "text", title, lines, top: 0, ...(next && { next }) };
}

function menu(title: string, items: readonly Item[]): Menu {
  return { kind: "menu", title, items: () => items, chosen: 0 };
}

function item(label: string, choose: (world: World) => Step): Item {
  return { label, choose };
}

function form(
  title: string,
  fields: readonly (readonly [label: string, hint: string, value: string])[],
  submit: (values: readonly string[]) => Request | Mistake,
): Form & Page {
  return {
    kind: "form",
    title,
    fields: fields.map(([label, hint, value]) => ({ label, hint, value })),
    at: 0,
    submit,
  };
}

function attempt<T extends object>(field: number, check: () => T): T | Mistake {
  try {
    return check();
  } catch (error) {
    return { field, complaint: reason(error) };
  }
}
