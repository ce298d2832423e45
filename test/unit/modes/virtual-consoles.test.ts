import { describe, expect, test } from "bun:test";
import { virtualConsoleServices } from "../../../modes/virtual-consoles.ts";

const on = (...consoles: string[]) => virtualConsoleServices({ consoles, locksShells: false });

/** As /dev/kmsg and dmesg(1) have them. */
const KMSG = [
  "6,0,0,-;Linux version 6.1.0-56-amd64",
  '5,1,0,-;Kernel command line: quiet clump.key=abc "clump.shell.password=a b" debug',
  "6,339,5140900,-;e1000 0000:00:03.0 eth0: link up",
  " SUBSYSTEM=pci",
  "6,340,12140999,-;clump: get an address: ok (0.720 s)",
];

async function sed(words: readonly string[], input: string): Promise<string> {
  const child = Bun.spawn(["sed", ...words], { stdin: Buffer.from(input), stdout: "pipe" });
  return await child.stdout.text();
}

describe("virtualConsoleServices()", () => {
  test("are a shell, the kernel's log and the report, behind a screen", () => {
    const services = on("/dev/tty1", "/dev/ttyS0");
    expect(services.map(({ name }) => name)).toEqual([
      ...["shell on /dev/tty2", "kernel log on /dev/tty3", "boot report on /dev/tty4"],
    ]);
  });

  test("leave alone what a console= of the command line is for", () => {
    expect(on("/dev/tty1", "/dev/tty3").map(({ console }) => console)).toEqual(["/dev/tty2", "/dev/tty4"]);
  });

  test("are none where nobody sits at a screen", () => {
    expect(on("/dev/ttyS0")).toEqual([]);
  });

  test("ask for the password of the shells", () => {
    const [shell] = virtualConsoleServices({ consoles: ["/dev/tty1"], locksShells: true });
    expect(shell?.command).toContain("/usr/lib/clump/lock");
  });

  test("show the log with its times and without its secrets", async () => {
    const command = on("/dev/tty1")[1]?.command ?? [];
    expect(command.at(-1)).toBe("/dev/kmsg");
    expect((await sed(command.slice(1, -1), `${KMSG.join("\n")}\n`)).split("\n")).toEqual([
      "[0.000] Linux version 6.1.0-56-amd64",
      "[0.000] Kernel command line: quiet clump.key=*** clump.shell.password=*** debug",
      "[5.140] e1000 0000:00:03.0 eth0: link up",
      "[12.140] clump: get an address: ok (0.720 s)",
      "",
    ]);
  });

  test("show of the boot what process 1 says of it", async () => {
    const script = on("/dev/tty1")[2]?.command.at(-1) ?? "";
    const [, words = ""] = /sed -n -E '([^']*)'/.exec(script) ?? [];
    const dmesg =
      "[    5.1] e1000: up\n[    9.7] clump: get an address: ok (0.720 s)\n[    9.8] clumpd: open\n";
    expect(await sed(["-n", "-E", words], dmesg)).toBe(
      "[    9.7] clump: get an address: ok (0.720 s)\n[    9.8] clumpd: open\n",
    );
  });

  test("open no file of root's to whoever reads the report", () => {
    expect(on("/dev/tty1")[2]?.command.at(-1)).toEndWith(" | su -s /usr/bin/less -- nobody -M");
  });
});
