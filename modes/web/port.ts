/** The default port of the web view. */
export const WEB_PORT = 8080;

const ON = ["", "1", "on", "yes"];
const OFF = ["0", "off", "no"];

/** Parses the value of `clump.web=`: a TCP port, 0 for no web view, undefined for an invalid value. */
export function parseWebPort(value: string): number | undefined {
  if (ON.includes(value)) return WEB_PORT;
  if (OFF.includes(value)) return 0;
  const port = /^\d{2,5}$/.test(value) ? Number(value) : 0;
  return port >= 1 && port <= 65_535 ? port : undefined;
}
