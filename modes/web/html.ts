/** The page's skeleton; its scripts fill it. Without scripts it is the plain text, and looks again by itself. */

import { headlineOf, type Snapshot } from "./snapshot.ts";
import { formatText } from "./text.ts";

/** What a browser asks for at `/`. */
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
${GRAPHS}
${NODES}
${FACTS}
</main>
</div>
</body>
</html>
`;
}

const HEADER = `<header>
<p id="self"><small>node</small> <span id="number">--</span></p>
<div>
<h1 id="name">clump</h1>
<p id="about"></p>
</div>
<p id="link" role="status">connecting</p>
</header>
<ul id="problems" role="alert"></ul>`;

const GRAPHS = `<section aria-label="The cluster as a whole">
<dl id="totals">
<div><dt>nodes up</dt><dd id="total-nodes">--</dd></div>
<div><dt>busy</dt><dd id="total-busy" class="busy">--</dd></div>
<div><dt>memory used</dt><dd id="total-memory" class="memory">--</dd></div>
<div><dt>processors</dt><dd id="total-processors">--</dd></div>
</dl>
<canvas id="history" role="img" aria-label="busy processors and memory, last ten minutes"></canvas>
<canvas id="bars" role="img" aria-label="how busy each node is"></canvas>
</section>`;

const NODES = `<section aria-labelledby="nodes-title">
<div id="tools">
<h2 id="nodes-title">Nodes</h2>
<input id="filter" type="search" placeholder="number, address, state" aria-label="Show nodes with">
<label><input id="only-up" type="checkbox"> only those up</label>
<p id="shown" role="status"></p>
</div>
<div id="scroll" tabindex="0" role="region" aria-labelledby="nodes-title">
<table>
<thead><tr>
<th aria-sort="ascending"><button type="button" data-sort="id">node</button></th>
<th><button type="button" data-sort="address">address</button></th>
<th><button type="button" data-sort="state">state</button></th>
<th class="wide">ten minutes</th>
<th><button type="button" data-sort="busy">busy</button></th>
<th class="wide"><button type="button" data-sort="load">load</button></th>
<th><button type="button" data-sort="memory">memory</button></th>
<th class="wide"><button type="button" data-sort="cpus">cpus</button></th>
<th class="wide"><button type="button" data-sort="speed">speed</button></th>
<th class="wide"><button type="button" data-sort="age">heard</button></th>
</tr></thead>
<tbody id="rows"></tbody>
</table>
</div>
</section>`;

const FACTS = `<section aria-labelledby="facts-title">
<h2 id="facts-title">This node</h2>
<dl id="facts"></dl>
<p id="elsewhere">Also here: <a href="/text">plain text</a>, <a href="/api/cluster">JSON</a>, <a href="/metrics">metrics</a></p>
</section>`;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** For text and for attributes within quotes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => ENTITIES[letter] ?? "");
}
