/** A DHCP server for a network of virtual machines, with very short leases and silence, which real servers lack. */

import {
  ARP,
  addressBytes,
  answerArp,
  type Datagram,
  etherType,
  IPV4,
  readDatagram,
  writeDatagram,
} from "./frames.ts";
import { answerTime, NTP_PORT } from "./time-answer.ts";
import { openWire } from "./wire.ts";

/** Constants of RFC 2131 and RFC 2132. */
const COOKIE = Buffer.from([0x63, 0x82, 0x53, 0x63]);
const OPTIONS_AT = 240;
const HOSTNAME = 12;
const MESSAGE_TYPE = 53;
const DISCOVER = 1;
const OFFER = 2;
const REQUEST = 3;
const ACK = 5;

const SERVER_PORT = 67;
const CLIENT_PORT = 68;
const HARDWARE = Buffer.from([0x52, 0x55, 0, 0, 0, 1]);

export interface DhcpServer extends Disposable {
  /** Where a machine plugs in. */
  readonly path: string;
  /** The requests of clients until now, in order. */
  readonly requests: readonly DhcpRequest[];
  /** Whether the server answers. */
  answers: boolean;
}

export interface DhcpRequest {
  /** performance.now() */
  readonly at: number;
  /** 1 is DISCOVER, 3 REQUEST (RFC 2132, section 9.6). */
  readonly type: number;
  /** Destination address of the datagram: "255.255.255.255", or the server's for unicast. */
  readonly to: string;
  /** The name that the client gives itself. */
  readonly hostname: string | undefined;
}

export interface DhcpServerOptions {
  readonly server: string;
  /** The only address that the server leases, in its /24, or the address for the last byte of a hardware address. */
  readonly client: string | ((lastByte: number) => string);
  readonly leaseSeconds: number;
  /**
   * Hardware address of a user network of QEMU on the same wire: its own DHCP server, which QEMU cannot switch off, gets
   * no answer through.
   */
  readonly userNetwork?: string;
  /** Makes it a time server too, named by option 42: its time in milliseconds since 1970. */
  readonly time?: () => number;
}

export function startDhcpServer({ server, client, time, ...given }: DhcpServerOptions): DhcpServer {
  const requests: DhcpRequest[] = [];
  const options = leaseOptions(server, given.leaseSeconds, { isTimeServer: time !== undefined });

  const wire = openWire(
    (frame) => {
      if (!handle.answers && etherType(frame) === ARP) return;
      if (etherType(frame) === ARP) reply(answerArp(frame, server, HARDWARE));
      else if (etherType(frame) === IPV4) serve(readDatagram(frame));
    },
    (frame) => isDhcpAnswerOf(frame, given.userNetwork),
  );

  function serve(datagram: Datagram | undefined): void {
    if (datagram?.toPort === NTP_PORT) tellTime(datagram);
    if (datagram?.toPort !== SERVER_PORT) return;
    const type = readOption(datagram.payload, MESSAGE_TYPE)?.[0] ?? 0;
    const hostname = readOption(datagram.payload, HOSTNAME)?.toString();
    requests.push({ at: performance.now(), type, to: datagram.destination, hostname });
    if (!handle.answers || (type !== DISCOVER && type !== REQUEST)) return;
    const payload = answer(datagram.payload, type === DISCOVER ? OFFER : ACK);
    const hardware = datagram.payload.subarray(28, 34);
    const ports = { fromPort: SERVER_PORT, toPort: CLIENT_PORT };
    const destination = addressFor(datagram.payload);
    reply(writeDatagram({ ...ports, source: server, destination, payload }, HARDWARE, hardware));
  }

  function tellTime({ source, fromPort, payload, hardware }: Datagram): void {
    if (time === undefined) return;
    const [from, to] = [
      { source: server, fromPort: NTP_PORT },
      { destination: source, toPort: fromPort },
    ];
    reply(writeDatagram({ ...from, ...to, payload: answerTime(payload, time()) }, HARDWARE, hardware));
  }

  function addressFor(question: Buffer): string {
    return typeof client === "string" ? client : client(question[33] ?? 0);
  }

  function answer(question: Buffer, type: number): Buffer {
    const header = Buffer.from(question.subarray(0, OPTIONS_AT));
    header[0] = 2;
    header.set(addressBytes(addressFor(question)), 16);
    return Buffer.concat([header, Buffer.from([53, 1, type]), options]);
  }

  function reply(frame: Buffer | undefined): void {
    if (frame) wire.send(frame);
  }

  const handle: DhcpServer = {
    path: wire.path,
    requests,
    answers: true,
    [Symbol.dispose]: () => wire[Symbol.dispose](),
  };
  return handle;
}

/** Whether a DHCP server with this hardware address sent the frame. */
function isDhcpAnswerOf(frame: Buffer, mac: string | undefined): boolean {
  const datagram = etherType(frame) === IPV4 ? readDatagram(frame) : undefined;
  return datagram?.fromPort === SERVER_PORT && datagram.hardware.toHex() === mac?.replaceAll(":", "");
}

/** Mask, router, lease time, server identifier, time server, end. */
function leaseOptions(
  server: string,
  leaseSeconds: number,
  { isTimeServer }: { readonly isTimeServer: boolean },
): Buffer {
  const time = Buffer.alloc(4);
  time.writeUInt32BE(leaseSeconds);
  const address = addressBytes(server);
  const ntp = isTimeServer ? [42, 4, ...address] : [];
  return Buffer.from([
    1,
    4,
    255,
    255,
    255,
    0,
    3,
    4,
    ...address,
    51,
    4,
    ...time,
    54,
    4,
    ...address,
    ...ntp,
    255,
  ]);
}

/** The value of an option; nothing where the packet has none. */
function readOption(packet: Buffer, code: number): Buffer | undefined {
  if (!packet.subarray(OPTIONS_AT - COOKIE.length, OPTIONS_AT).equals(COOKIE)) return undefined;
  for (let at = OPTIONS_AT; at < packet.length && packet[at] !== 255; ) {
    if (packet[at] === code) return packet.subarray(at + 2, at + 2 + (packet[at + 1] ?? 0));
    at += packet[at] === 0 ? 1 : 2 + (packet[at + 1] ?? 0);
  }
  return undefined;
}
