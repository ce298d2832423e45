/** The report as text: what it is of, then its parts, each under a line of its own. */

export interface Part {
  readonly title: string;
  readonly text: string;
}

export interface Heading {
  readonly version: string;
  readonly hostname: string;
  /** The clock of the machine, which may be wrong. */
  readonly time: Date;
  /** "3 min 4 s". */
  readonly uptime: string;
}

const RULE_WIDTH = 80;

/** Puts the report together; an empty part says so, so that its reader knows that it was looked for. */
export function composeReport({ version, hostname, time, uptime }: Heading, parts: readonly Part[]): string {
  const first = `clump ${version}, report of ${hostname}, ${time.toISOString()} by its clock, up ${uptime}`;
  const bodies = parts.map(({ title, text }) => `${ruleOf(title)}\n${text.trimEnd() || "(nothing)"}\n`);
  return [`${first}\n`, ...bodies].join("\n");
}

function ruleOf(title: string): string {
  const head = `--- ${title} `;
  return head.padEnd(RULE_WIDTH, "-");
}

/** The name of the report of one node among those of others, made of what tells it from them. */
export function reportName(node: {
  readonly hostname: string;
  readonly number: number | undefined;
  readonly mac: string | undefined;
}): string {
  const hostname = node.hostname.replace(/[^A-Za-z0-9.-]+/g, "-");
  const parts = [
    "clump",
    ...(hostname === "clump" ? [] : [hostname]),
    ...(node.number === undefined ? [] : [`node${node.number}`]),
    ...(node.mac === undefined ? [] : [node.mac.replaceAll(":", "")]),
  ];
  return `${parts.join("-")}.txt`;
}
