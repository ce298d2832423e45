/** Asks a TFTP server (RFC 1350) for files, and prints the first answer to each: `tftp-client.ts ADDRESS FILE...` */

const [DATA, ERROR] = [3, 5];

async function ask(address: string, file: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const socket = await Bun.udpSocket({
    socket: {
      data: (own, bytes, port, from) => {
        const text = bytes.subarray(4).toString("latin1").replace("\0", "");
        resolve(bytes[1] === DATA ? `data ${text}` : bytes[1] === ERROR ? `error ${text}` : "neither");
        // The acknowledgement of the only block.
        own.send(Uint8Array.of(0, 4, 0, 1), port, from);
      },
    },
  });
  socket.send(`\0\x01${file}\0octet\0`, 69, address);
  const answer = await promise;
  socket.close();
  return answer;
}

const [address = "", ...files] = process.argv.slice(2);
for (const file of files) console.log(`${file}: ${await ask(address, file)}`);

export {};
