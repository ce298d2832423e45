/** Prints the first datagram that comes for Wake-on-LAN, in hexadecimal. */

export const socket = await Bun.udpSocket({
  port: 9,
  hostname: "0.0.0.0",
  socket: {
    data: (_, bytes) => {
      process.stdout.write(`${bytes.toString("hex")}\n`);
      process.exit();
    },
  },
});
