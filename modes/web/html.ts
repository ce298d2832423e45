/** The HTML page. Its scripts fill it; without scripts it shows the plain text and reloads itself. */

import { headlineOf, type Snapshot } from "./snapshot.ts";
import { formatText } from "./text.ts";

/** The page at `/`. */
export function formatPage(snapshot: Snapshot): string {
  const { status } = snapshot;
  const title = status?.node === undefined ? "clump" : `node ${status.node}, clump`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="dark light">
<meta name="description" content="${escapeHtml(headlineOf(snapshot))}">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="/icon.svg">
<link rel="stylesheet" href="/page.css">
<noscript><meta http-equiv="refresh" content="5"></noscript>
<script type="module" src="/page.js"></script>
</head>
<body>
<noscript><pre>${escapeHtml(formatText(snapshot))}</pre></noscript>
<div id="page" hidden>
${HEADER}
<main>
${CLUSTER}
${SELF}
${NODES}
</main>
</div>
</body>
</html>
`;
}

const HEADER = `<header>
<p id="number" title="number of this node">--</p>
<div>
<h1 id="name">clump</h1>
<p id="about"></p>
</div>
<p id="link" role="status">connecting</p>
</header>
<ul id="problems" role="alert"></ul>`;

const CLUSTER = `<section id="cluster" aria-label="The cluster as a whole">
<dl id="totals">
<div><dt>nodes up</dt><dd id="total-nodes">--</dd></div>
<div><dt>processors</dt><dd id="total-processors">--</dd></div>
<div><dt>busy</dt><dd id="total-busy">--</dd></div>
<div><dt>memory used</dt><dd id="total-memory">--</dd></div>
</dl>
<figure>
<figcaption>
<ul class="legend"><li class="busy">processors busy</li><li class="memory">memory used</li></ul>
</figcaption>
<canvas id="history" role="img" aria-label="share of processors busy and of memory used, last ten minutes"></canvas>
</figure>
</section>`;

const SELF = `<section id="self" aria-labelledby="facts-title">
<details open>
<summary><h2 id="facts-title">This node</h2></summary>
<dl id="facts"></dl>
<p id="elsewhere">Also here: <a href="/text">plain text</a>, <a href="/api/cluster">JSON</a>, <a href="/metrics">metrics</a></p>
</details>
</section>`;

const BARS = `<figure>
<figcaption>
<ul class="legend">
<li class="calm">calm, under 60 %</li>
<li class="warm">busy, 60 to 90 %</li>
<li class="hot">full, over 90 %</li>
<li class="suspect" hidden>suspect</li>
<li class="silent" hidden>silent</li>
<li class="dead" hidden>dead</li>
<li class="left" hidden>left</li>
</ul>
<output id="readout"></output>
</figcaption>
<canvas id="bars" role="img" aria-label="share of processors busy, by node number"></canvas>
</figure>`;

const JOBS = `<div id="jobs" hidden>
<h2 id="jobs-title">Jobs</h2>
<p id="jobs-total" role="status"></p>
<div id="job-scroll" tabindex="0" role="region" aria-labelledby="jobs-title">
<table>
<thead><tr>
<th class="pid">pid</th>
<th>program</th>
<th class="whose">whose</th>
<th>where</th>
<th class="for">for</th>
<th class="moved">moved</th>
<th class="moves">moves</th>
</tr></thead>
<tbody id="job-rows"></tbody>
</table>
</div>
</div>`;

const NODES = `<section id="nodes" aria-labelledby="nodes-title">
<h2 id="nodes-title">Nodes</h2>
${BARS}
<div id="tools">
<input id="filter" type="search" placeholder="number, address, state" aria-label="Show nodes with">
<label><input id="only-up" type="checkbox"> only those up</label>
<p id="shown" role="status"></p>
</div>
<div id="scroll" tabindex="0" role="region" aria-labelledby="nodes-title">
<table>
<thead><tr>
<th class="number" aria-sort="ascending"><button type="button" data-sort="id">node</button></th>
<th class="address"><button type="button" data-sort="address">address</button></th>
<th class="state"><button type="button" data-sort="state">state</button></th>
<th class="spark">ten minutes</th>
<th class="busy"><button type="button" data-sort="busy">busy</button></th>
<th class="load"><button type="button" data-sort="load">load</button></th>
<th class="memory"><button type="button" data-sort="memory">memory, <span id="unit">GB</span></button></th>
<th class="cpus"><button type="button" data-sort="cpus">CPUs</button></th>
<th class="speed"><button type="button" data-sort="speed">speed</button></th>
<th class="jobs" title="guests of the node / its processes that are away"><button type="button" data-sort="jobs">in/out</button></th>
<th class="age"><button type="button" data-sort="age">heard</button></th>
</tr></thead>
<tbody id="above" aria-hidden="true"><tr><td colspan="11"></td></tr></tbody>
<tbody id="rows"></tbody>
<tbody id="below" aria-hidden="true"><tr><td colspan="11"></td></tr></tbody>
</table>
</div>
${JOBS}
</section>`;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Escapes a text for elements and quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => ENTITIES[letter] ?? "");
}
