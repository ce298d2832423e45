import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Qmp } from "../../../../assets/qemu/qmp.ts";

/** Greets, and answers each command with nothing. */
async function startQemu(path: string) {
  return await Bun.connect({
    unix: path,
    socket: {
      open: (socket) => void socket.write('{"QMP": {}}\n'),
      data(socket, bytes) {
        for (const line of bytes.toString().trim().split("\n"))
          socket.write(`${JSON.stringify({ return: {}, id: JSON.parse(line).id })}\n`);
      },
    },
  });
}

test("Qmp.execute() fails where QEMU is gone, whether it was asked before or is asked after that", async () => {
  const folder = mkdtempSync(join(tmpdir(), "clump-qmp-"));
  try {
    using qmp = new Qmp(join(folder, "qmp"), () => {});
    const qemu = await startQemu(join(folder, "qmp"));
    expect(await qmp.execute("cont")).toEqual({});
    qemu.end();
    await qmp.heardAll();
    await expect(qmp.execute("stop")).rejects.toThrow("Cannot ask QEMU: QEMU closed the connection");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
