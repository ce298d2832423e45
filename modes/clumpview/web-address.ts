/** The address of the web view, for the node's own screen with the password that the node has made. */

import type { ViewState } from "./view-state.ts";

/** "http://10.0.2.15:8080/  password abcd2345"; nothing without a web view. */
export function describeWebAddress({
  status,
  notice,
}: Pick<ViewState, "status" | "notice">): string | undefined {
  if (status?.web === undefined || status.address === undefined) return undefined;
  const { port, isOpen } = status.web;
  const url = `http://${status.address}:${port}/`;
  if (isOpen) return `${url} open to everybody: there is no password`;
  return notice?.password === undefined ? url : `${url}  password ${notice.password}`;
}
