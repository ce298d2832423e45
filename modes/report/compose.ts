/** The text of a report: a heading, then its parts, each below a rule with its title. */

export interface Part {
  readonly title: string;
  readonly text: string;
}

export interface Heading {
  readonly version: string;
  readonly hostname: string;
  /** By the machine's clock, which may be wrong. */
  readonly time: Date;
  /** "3 min 4 s". */
  readonly uptime: string;
}

const RULE_WIDTH = 80;

/** Composes a report; an empty part says "(nothing)", so that its reader knows that the part was not forgotten. */
export function composeReport({ version, hostname, time, uptime }: Heading, parts: readonly Part[]): string {
  const first = `clump ${version}, report of ${hostname}, ${time.toISOString()} by its clock, up ${uptime}`;
  const bodies = parts.map(({ title, text }) => `${ruleOf(title)}\n${text.trimEnd() || "(nothing)"}\n`);
  return [`${first}\n`, ...bodies].join("\n");
}

function ruleOf(title: string): string {
  const head = `--- ${title} `;
  return head.padEnd(RULE_WIDTH, "-");
}

/** A file name that tells this node's report from those of other nodes. */
export function reportName(node: {
  readonly hostname: string;
  readonly number: number | undefined;
  readonly mac: string | undefined;
}): string {
  const hostname = node.hostname.replace(/[^A-Za-z0-9.-]+/g, "-");
  const parts = [
    "clump",
    ...(hostname === "clump" || hostname === `node${node.number}` ? [] : [hostname]),
    ...(node.number === undefined ? [] : [`node${node.number}`]),
    ...(node.mac === undefined ? [] : [node.mac.replaceAll(":", "")]),
  ];
  return `${parts.join("-")}.txt`;
}
