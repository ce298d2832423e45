import type { Uevent } from "./kernel.ts";

/** First text of a device event: its action and its path below /sys. */
const HEADER = /^([a-z]+)@(\/.*)$/;

/**
 * The device events in one or more datagrams laid end to end; kobject_uevent.c.
 * Each is a header "add@/devices/…" and KEY=VALUE texts, all closed by NUL; what is not so is left out.
 */
export function* decodeUevents(bytes: Uint8Array): Generator<Uevent> {
  let event: { action: string; path: string; env: Map<string, string> } | undefined;
  for (const text of new TextDecoder().decode(bytes).split("\0")) {
    const header = HEADER.exec(text);
    if (header !== null) {
      if (event !== undefined) yield event;
      event = { action: header[1]!, path: header[2]!, env: new Map() };
      continue;
    }
    const equals = text.indexOf("=");
    if (equals > 0) event?.env.set(text.slice(0, equals), text.slice(equals + 1));
  }
  if (event !== undefined) yield event;
}
