/** A report as syslog messages (RFC 5424): each line is one message in one datagram (RFC 5426). */

/** Facility user (1), severity informational (6); RFC 5424, section 6.2.1. */
const PRIORITY = 1 * 8 + 6;
/** Receivers must take 480 bytes and should take 2048; RFC 5424, section 6.1. */
const LONGEST_TEXT_BYTES = 1_024;
/** Datagrams sent before a pause, fewer than a receiver's buffer holds. */
const BURST = 32;
const PAUSE_MILLISECONDS = 20;

/** The messages; `sequenceId` (RFC 5424, section 7.3.1) gives their order and shows lost ones. */
export function syslogMessages(
  text: string,
  { hostname, time }: { readonly hostname: string; readonly time: Date },
): string[] {
  const head = `<${PRIORITY}>1 ${time.toISOString()} ${hostname.replace(/[^!-~]/g, "") || "-"} clump - report`;
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .flatMap((line) => cut(line))
    .map((line, index) => `${head} [meta sequenceId="${index + 1}"] ${line}`);
}

/** Splits a line between characters. */
function cut(line: string): string[] {
  const pieces: string[] = [""];
  let bytes = 0;
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (bytes + size > LONGEST_TEXT_BYTES) pieces.push("");
    bytes = bytes + size > LONGEST_TEXT_BYTES ? size : bytes + size;
    pieces[pieces.length - 1] += character;
  }
  return pieces;
}

/** Sends the messages without acknowledgement. @throws where the host has no address or no route */
export async function sendDatagrams(
  messages: readonly string[],
  { address, family, port }: { readonly address: string; readonly family: number; readonly port: number },
): Promise<void> {
  const refused = Promise.withResolvers<never>();
  const socket = await Bun.udpSocket({
    hostname: family === 6 ? "::" : "0.0.0.0",
    socket: { error: (_, error) => refused.reject(error) },
  });
  try {
    for (let begin = 0; begin < messages.length; begin += BURST) {
      for (const message of messages.slice(begin, begin + BURST)) socket.send(message, port, address);
      await Promise.race([Bun.sleep(PAUSE_MILLISECONDS), refused.promise]);
    }
  } finally {
    refused.promise.catch(() => {});
    socket.close();
  }
}
