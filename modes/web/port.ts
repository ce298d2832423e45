/** Where the web view is found unless another port is asked for. */
export const WEB_PORT = 8080;

const ON = ["", "1", "on", "yes"];
const OFF = ["0", "off", "no"];

/** The TCP port that a value of `clump.web=` asks for, 0 for no web view, `undefined` where it says neither. */
export function parseWebPort(value: string): number | undefined {
  if (ON.includes(value)) return WEB_PORT;
  if (OFF.includes(value)) return 0;
  const port = /^\d{2,5}$/.test(value) ? Number(value) : 0;
  return port >= 1 && port <= 65_535 ? port : undefined;
}
