const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;

/** Whether a text can name a host: RFC 1123, section 2.1, and the 64 bytes of uname(2). */
export function isHostname(text: string): boolean {
  return text.length <= 64 && text.split(".").every((part) => LABEL.test(part));
}
