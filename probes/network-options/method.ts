/** How an interface gets its addresses, in the words of the kernel and of dracut. */

import { refuse } from "./field.ts";
import type { InterfaceRequest } from "./interface-request.ts";

const METHODS: ReadonlyMap<string, "dhcp" | "none" | "ipv6"> = new Map([
  ...["", "dhcp", "on", "any", "single-dhcp", "bootp", "both"].map((word) => [word, "dhcp"] as const),
  ...["off", "none", "static"].map((word) => [word, "none"] as const),
  ...["auto6", "link6", "either6"].map((word) => [word, "ipv6"] as const),
]);
/** Methods that are known, and not here. */
const ABSENT: ReadonlyMap<string, string> = new Map([
  ["dhcp6", "it asks for DHCPv6, which is not spoken here"],
  ["rarp", "it asks for RARP, which is not spoken here"],
  ["ibft", "it asks for the iBFT of the firmware, which is not read here"],
]);
const METHOD_WANTED = "dhcp, off, none or auto6 was";

/** `ip=dhcp`, `ip=off`, and `ip=dhcp,1,52:54:00:12:34:56` with a client identifier. @throws RangeError */
export function readLoneMethod(text: string): Pick<InterfaceRequest, "method" | "clientId"> {
  const [method = "", type, ...rest] = text.split(",");
  if (type === undefined) return readMethod(method);
  if (!/^\d{1,3}$/.test(type) || Number(type) > 255)
    refuse("the type of the client identifier", type, "0 to 255 was");
  const value = rest.join(",");
  // An option holds 255 bytes, the type being one; RFC 2132, section 9.14.
  if (value === "" || Buffer.byteLength(value) > 254)
    refuse("the client identifier", value, "1 to 254 bytes were");
  return { ...readMethod(method), clientId: { type: Number(type), value } };
}

/** The last field of most forms. @throws RangeError */
export function readMethod(text: string): { readonly method: "dhcp" | "none" | "ipv6" } {
  const absent = ABSENT.get(text);
  if (absent !== undefined) throw new RangeError(absent);
  return { method: METHODS.get(text) ?? refuse("the method", text, METHOD_WANTED) };
}
