/** Where a report goes, as `clump.report=` and `clump report` name it. */

import { hideUser } from "../secrets.ts";

/** What may be named, for messages. */
export const TARGET_FORMS = "http(s)://HOST/PATH, tftp://HOST/PATH, udp://HOST:PORT, syslog://HOST or usb";

/** What to type where no network works. */
export const REPORT_BY_HAND = "clump report usb";

export type Target =
  | { readonly kind: "http"; readonly url: URL }
  | { readonly kind: "tftp"; readonly url: URL; readonly host: string; readonly port: number }
  | { readonly kind: "syslog"; readonly host: string; readonly port: number }
  /** The first partition of a USB disk that takes it. */
  | { readonly kind: "usb" };

/** RFC 1350, section 4, and RFC 5426, section 3.3. */
const TFTP_PORT = 69;
const SYSLOG_PORT = 514;

/** @throws RangeError that says what was wanted */
export function parseTarget(text: string): Target {
  if (text === "usb") return { kind: "usb" };
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.hostname === "") throw unusable(text);
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  switch (url.protocol) {
    case "http:":
    case "https:":
      return { kind: "http", url };
    case "tftp:":
      return { kind: "tftp", url, host, port: Number(url.port || TFTP_PORT) };
    case "udp:":
    case "syslog:":
      return { kind: "syslog", host, port: Number(url.port || SYSLOG_PORT) };
    default:
      throw unusable(text);
  }
}

/** The target of a kernel command line's value; nothing where it is none. */
export function parseTargetOption(value: string): Target | undefined {
  try {
    return parseTarget(value);
  } catch {
    return undefined;
  }
}

/** The place of one file: a folder, which ends in "/", gets the name behind it. */
export function placeIn(url: URL, name: string): URL {
  const place = new URL(url);
  if (!place.pathname.endsWith("/") && place.pathname !== "") return place;
  place.pathname = `${place.pathname.replace(/\/$/, "")}/${name}`;
  return place;
}

/** For a person, without the password of a URL. */
export function describeTarget(target: Target): string {
  if (target.kind === "usb") return "a USB disk";
  if (target.kind === "syslog") return `syslog at ${target.host}, port ${target.port}`;
  return describeUrl(target.url);
}

/** A part of a URL as it was meant; one with a % that begins no escape is taken as it is. */
export function decodePart(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function describeUrl(url: URL): string {
  const shown = new URL(url);
  [shown.username, shown.password] = ["", ""];
  return shown.href;
}

function unusable(text: string): RangeError {
  return new RangeError(`Cannot use ${hideUser(text)} as the place of a report: ${TARGET_FORMS} was wanted`);
}
