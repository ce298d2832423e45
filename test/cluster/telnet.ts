/** Types lines into the control port of a node and prints all it says: `telnet.ts ADDRESS "line|line"`. */

import { connect } from "node:net";
import { CONTROL_PORT } from "../../cluster/daemon/control-address.ts";

const [address = "", lines = ""] = process.argv.slice(2);

const socket = connect(CONTROL_PORT, address, () => {
  socket.write(`${lines.replaceAll("|", "\r\n")}\r\nquit\r\n`);
});
socket.on("data", (bytes: Buffer) => void process.stdout.write(bytes));
socket.on("error", () => void process.stdout.write("refused"));
