import { parseBoolean } from "../../system/boolean.ts";

/** The default port of the web view. */
export const WEB_PORT = 8080;

/** Parses the value of `clump.web=`: a TCP port, 0 for no web view, undefined for an invalid value. */
export function parseWebPort(value: string): number | undefined {
  const isOn = value === "" ? true : parseBoolean(value);
  if (isOn !== undefined) return isOn ? WEB_PORT : 0;
  const port = /^\d{2,5}$/.test(value) ? Number(value) : 0;
  return port >= 1 && port <= 65_535 ? port : undefined;
}
