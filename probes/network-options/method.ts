/** How an interface gets its addresses, in the words of the kernel and of dracut. */

import { refuse } from "./field.ts";
import type { InterfaceRequest } from "./interface-request.ts";

const METHODS: ReadonlyMap<string, "dhcp" | "none" | "ipv6"> = new Map([
  ...["", "dhcp", "on", "any", "auto", "single-dhcp", "bootp", "both"].map((word) => [word, "dhcp"] as const),
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
  if (type === undefined || isMethod(type)) return readMethod(text);
  if (!/^\d{1,3}$/.test(type) || Number(type) > 255)
    refuse("the type of the client identifier", type, "0 to 255 was");
  const value = rest.join(",");
  // An option holds 255 bytes, the type being one; RFC 2132, section 9.14.
  if (value === "" || Buffer.byteLength(value) > 254)
    refuse("the client identifier", value, "1 to 254 bytes were");
  return { ...readMethod(method), clientId: { type: Number(type), value } };
}

/**
 * The last field of most forms: a method, or a list of methods, of which DHCP counts before IPv6 alone. @throws
 * RangeError where none of them is spoken here
 */
export function readMethod(text: string): { readonly method: "dhcp" | "none" | "ipv6" } {
  const names = text.split(",");
  const unknown = names.find((name) => !METHODS.has(name) && !ABSENT.has(name));
  if (unknown !== undefined) refuse("the method", unknown, METHOD_WANTED);
  const spoken = names.flatMap((name) => METHODS.get(name) ?? []);
  const method = (["dhcp", "ipv6", "none"] as const).find((each) => spoken.includes(each));
  if (method !== undefined) return { method };
  throw new RangeError(ABSENT.get(names[0] ?? ""));
}

/** Whether a field is a method, or a list of methods, and not the name of an interface. */
export function isMethod(text: string): boolean {
  return text !== "" && text.split(",").every((name) => METHODS.has(name) || ABSENT.has(name));
}
