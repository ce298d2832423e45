/** The jobs: what runs where, whose, since when, and what stays for which reason. */

import { byId, element, showList, write } from "./dom.js";
import { formatDuration } from "./rows.js";

/** @typedef {{ readonly pid: string, readonly name: string, readonly whose: string, readonly where: string, readonly moved: string, readonly moves: string, readonly since: number, readonly look: string }} Job */
/** @typedef {{ readonly total: string, readonly jobs: readonly Job[] }} Jobs */

/**
 * Shows the jobs; `now` is the node's clock, in milliseconds since 1970.
 * @param {Jobs} all
 * @param {number} now
 */
export function showJobs({ total, jobs }, now) {
  byId("jobs", HTMLElement).hidden = jobs.length === 0;
  write("jobs-total", total);
  showList(
    "job-rows",
    jobs.map((job) => rowOf(job, now)),
  );
}

/**
 * @param {Job} job
 * @param {number} now
 */
function rowOf({ pid, name, whose, where, moved, moves, since, look }, now) {
  const row = element("tr", "", look);
  const duration = formatDuration((now - since) / 1_000);
  row.append(
    element("td", pid, "pid"),
    element("td", name),
    element("td", whose, "whose"),
    element("td", where, "where"),
    element("td", look === "stays" ? `${duration} ago` : duration, "for"),
    element("td", moved, "moved"),
    element("td", moves, "moves"),
  );
  return row;
}
