import { expect, test } from "bun:test";
import { checkPortsAreFree } from "../../../../assets/start/free-ports.ts";
import { freePort } from "../../../lib/port.ts";

test("checkPortsAreFree() names a port that another program listens on", () => {
  const taken = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: () => {} } });
  const free = freePort();
  try {
    const forwards = [free, taken.port].map((from) => ({ from, to: 80 }));
    expect(() => checkPortsAreFree(forwards)).toThrow(
      `Cannot forward port ${taken.port} of 127.0.0.1: another program listens there, and a free port was wanted`,
    );
  } finally {
    taken.stop(true);
  }
});

test("checkPortsAreFree() leaves a free port free", () => {
  const forwards = [{ from: freePort(), to: 80 }];
  checkPortsAreFree(forwards);
  checkPortsAreFree(forwards);
});
