/** The files of the page, embedded in the program. */

import bars from "./page/bars.js" with { type: "text" };
import charts from "./page/charts.js" with { type: "text" };
import connection from "./page/connection.js" with { type: "text" };
import dom from "./page/dom.js" with { type: "text" };
import jobs from "./page/jobs.js" with { type: "text" };
import style from "./page/page.css" with { type: "text" };
import script from "./page/page.js" with { type: "text" };
import rows from "./page/rows.js" with { type: "text" };
import table from "./page/table.js" with { type: "text" };

const SCRIPT = "text/javascript; charset=utf-8";

/** Files by path. */
export const PAGE_FILES: ReadonlyMap<string, { readonly type: string; readonly text: string }> = new Map([
  ["/page.css", { type: "text/css; charset=utf-8", text: style }],
  ["/page.js", { type: SCRIPT, text: script }],
  ["/bars.js", { type: SCRIPT, text: bars }],
  ["/charts.js", { type: SCRIPT, text: charts }],
  ["/connection.js", { type: SCRIPT, text: connection }],
  ["/dom.js", { type: SCRIPT, text: dom }],
  ["/jobs.js", { type: SCRIPT, text: jobs }],
  ["/rows.js", { type: SCRIPT, text: rows }],
  ["/table.js", { type: SCRIPT, text: table }],
  [
    "/icon.svg",
    {
      type: "image/svg+xml",
      text: `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path fill="#0b0f14" d="M0 0h16v16H0z"/><path fill="#4ade80" d="M2 9h3v5H2zm4.500-4h3v9h-3zM11 2h3v12h-3z"/></svg>`,
    },
  ],
]);
