/** The real packet(7) sockets: they speak and hear before an interface has an address. */

import type { AddressOwner, PacketKind, PacketSocket } from "./kernel.ts";
import { address, call } from "./libc.ts";
import { encodeLinkAddress, splitPackets } from "./packet.ts";
import { encodeFilter } from "./packet-filter.ts";
import { AF_PACKET, openSocket, readSocket, SOCK_DGRAM } from "./socket.ts";

const SOL_SOCKET = 1;
const SO_ATTACH_FILTER = 26;
const FILTER_ROW_BYTES = 8;

export function openPacketSocket(index: number, kind: PacketKind, owner?: AddressOwner): PacketSocket {
  const filter = encodeFilter({ index, kind, ...(owner && { owner }) });
  // Protocol 0 hears nothing yet: nothing unfiltered gets in between socket(2) and bind(2).
  const fd = openSocket({ family: AF_PACKET, type: SOCK_DGRAM, protocol: 0 }, (opened) =>
    preparePacketSocket(opened, { index, kind, filter }),
  );
  const closing = new AbortController();
  return {
    send(packet, to) {
      const target = encodeLinkAddress(index, { kind, hardware: to });
      const doing = `send on interface ${index}`;
      call("sendto", doing, fd, packet, packet.length, 0, target, target.length);
    },
    packets: packetsOf(fd, kind, closing.signal),
    close: () => closing.abort(),
  };
}

function preparePacketSocket(
  fd: number,
  { index, kind, filter }: { readonly index: number; readonly kind: PacketKind; readonly filter: Uint8Array },
): void {
  const program = new Uint8Array(16);
  const view = new DataView(program.buffer);
  view.setUint16(0, filter.length / FILTER_ROW_BYTES, true);
  view.setBigUint64(8, BigInt(address(filter)!), true);
  call("setsockopt", "filter a packet socket", fd, SOL_SOCKET, SO_ATTACH_FILTER, program, program.length);
  const own = encodeLinkAddress(index, { kind });
  call("bind", `bind a packet socket to interface ${index}`, fd, own, own.length);
}

async function* packetsOf(fd: number, kind: PacketKind, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for await (const bytes of readSocket(fd, signal)) yield* splitPackets(bytes, kind);
}
