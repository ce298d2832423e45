/**
 * Holds connections to a TCP server that begin a request and do not end it, and prints how many the server has let stand
 * after a second:
 * `connection-holder.ts ADDRESS PORT COUNT FROM`
 */

import { connect } from "node:net";

const SETTLED_MILLISECONDS = 1_000;

const [host = "", port = "", count = "", localAddress = ""] = process.argv.slice(2);
let open = 0;
for (let index = 0; index < Number(count); index++) {
  const socket = connect({ host, port: Number(port), localAddress });
  socket.on("error", () => {});
  socket.on("connect", () => {
    open++;
    socket.write("G");
  });
  socket.on("close", () => open--);
}
await Bun.sleep(SETTLED_MILLISECONDS);
console.log(`holds ${open}`);
await Bun.sleep(120_000);
