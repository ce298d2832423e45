const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;

/** The node number within the pattern of a name, as printf(3) writes a number: `%d`, or `%03d` with zeros. */
const NUMBER = /%(?:0([1-5]))?d/;
const LONGEST_NUMBER = 65_535;

/** Whether a text can name a host: RFC 1123, section 2.1, and the 64 bytes of uname(2). */
export function isHostname(text: string): boolean {
  return text.length <= 64 && text.split(".").every((part) => LABEL.test(part));
}

/** Whether a text with the number of any node in it can name a host. */
export function isHostnamePattern(text: string): boolean {
  return NUMBER.test(text) && isHostname(fillHostnamePattern(text, LONGEST_NUMBER));
}

/** The name that a pattern gives the node of this number: "pc77" for "pc%d". */
export function fillHostnamePattern(pattern: string, node: number): string {
  return pattern.replace(NUMBER, (_, width?: string) => String(node).padStart(Number(width ?? 0), "0"));
}
