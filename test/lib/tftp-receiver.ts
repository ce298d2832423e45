/** A TFTP server that takes whatever is put (RFC 1350), on a port of its own of the loopback. */

export interface TftpReceiver extends Disposable {
  readonly port: number;
  /** Texts by file name, once whole. */
  readonly files: ReadonlyMap<string, string>;
}

const OPCODE = { write: 2, data: 3, acknowledge: 4 } as const;
const BLOCK_BYTES = 512;

export async function startTftpReceiver(): Promise<TftpReceiver> {
  const files = new Map<string, string>();
  let name = "";
  let blocks: Buffer[] = [];
  const socket = await Bun.udpSocket({
    hostname: "127.0.0.1",
    socket: {
      data(own, packet, port, address) {
        const opcode = packet.readUInt16BE(0);
        if (opcode === OPCODE.write) {
          name = packet.toString("latin1", 2, packet.indexOf(0, 2));
          blocks = [];
        }
        const block = opcode === OPCODE.data ? packet.readUInt16BE(2) : 0;
        if (opcode === OPCODE.data) blocks[block - 1] = Buffer.from(packet.subarray(4));
        own.send(Buffer.from([0, OPCODE.acknowledge, block >> 8, block & 0xff]), port, address);
        if (opcode === OPCODE.data && packet.length < BLOCK_BYTES + 4)
          files.set(name, Buffer.concat(blocks).toString());
      },
    },
  });
  return { port: socket.port, files, [Symbol.dispose]: () => socket.close() };
}
