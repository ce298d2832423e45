/** Performs the request of a page. */

import { reason } from "../../system/log.ts";
import { applet, type RunTool, type Said } from "../../system/tool.ts";
import { gatherProbes } from "../report/parts.ts";
import type { Order } from "./order.ts";
import type { Page, Request } from "./page.ts";
import { textPage } from "./pages.ts";

const TOOL_LIMIT_MILLISECONDS = 10_000;
/** A report waits for servers and disks. */
const REPORT_LIMIT_MILLISECONDS = 90_000;

/** The outside world, as far as requests need it. */
export interface Performer {
  readonly root: string;
  readonly run: RunTool;
  readonly giveOrder: (root: string, order: Order) => Promise<void>;
}

/** Returns the page that shows the outcome; undefined for a request that ends the menu or the machine. Never throws. */
export async function perform(request: Request, performer: Performer): Promise<Page | undefined> {
  try {
    return await act(request, performer);
  } catch (error) {
    return textPage("That did not work", reason(error));
  }
}

async function act(request: Request, { root, run, giveOrder }: Performer): Promise<Page | undefined> {
  switch (request.do) {
    case "order":
      await giveOrder(root, request.order);
      return textPage(request.title, "Above is how this node is doing.");
    case "show the probes": {
      const parts = await gatherProbes(root, run);
      return textPage("What was found", parts.map(({ title, text }) => `${title}\n\n${text}\n`).join("\n"));
    }
    case "check a map":
      return checkedMap(request.file, await setpe(run, "-c", "-f", request.file));
    case "apply a map": {
      const said = await setpe(run, request.force ? "-W" : "-w", "-f", request.file);
      if (!said.ok) return refusedMap(request, said);
      return textPage("The map is in force", (await setpe(run, "-r")).output);
    }
    case "report": {
      const words = request.where === "" ? [] : [request.where];
      const said = await run(["/usr/bin/clump", "report", ...words], REPORT_LIMIT_MILLISECONDS);
      return textPage("The report", said.ok ? said.output : `${said.output}${said.complaint}`);
    }
    case "end": {
      const said = await run(applet(request.how), TOOL_LIMIT_MILLISECONDS);
      return said.ok ? undefined : textPage("That did not work", said.complaint);
    }
    case "leave":
      return undefined;
    default:
      return request satisfies never;
  }
}

function setpe(run: RunTool, ...words: readonly string[]): Promise<Said> {
  return run(["/usr/sbin/setpe", ...words], TOOL_LIMIT_MILLISECONDS);
}

function checkedMap(file: string, said: Said): Page {
  if (!said.ok) return textPage("The map cannot be used", said.complaint);
  const request = { do: "apply a map", file, force: false } as const;
  return textPage("The map is right", `${file} can be put in place.`, { label: "apply it", request });
}

/** setpe wants -W where this node's own number would change. */
function refusedMap({ file }: { readonly file: string }, { complaint }: Said): Page {
  const force = {
    label: "apply it all the same",
    request: { do: "apply a map", file, force: true },
  } as const;
  return textPage("The map was not applied", complaint, complaint.includes("setpe -W") ? force : undefined);
}
