/** Where clumpd takes commands over TCP. */

import { parseAddress } from "../../system/address/ipv4.ts";

/** Beside the gossip's, which is UDP. */
export const CONTROL_PORT = 5430;

export interface ControlAddress {
  /** Dotted decimal. */
  readonly address: string;
  readonly port: number;
}

/** "10.0.0.1:5430", or either part alone. */
export function parseControl(value: string): ControlAddress | undefined {
  const match = /^(\d{1,3}(?:\.\d{1,3}){3})?(?:(?:^|:)(\d{1,5}))?$/.exec(value);
  const port = Number(match?.[2] ?? CONTROL_PORT);
  const address = match?.[1] ?? "127.0.0.1";
  if (!match || value === "" || port < 1 || port > 65_535) return undefined;
  return parseAddress(address) === undefined ? undefined : { address, port };
}
