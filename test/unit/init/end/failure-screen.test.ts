import { describe, expect, test } from "bun:test";
import { type Failure, formatFailure } from "../../../../init/end/failure-screen.ts";
import { parseTarget } from "../../../../system/state/report-target.ts";
import { BootError } from "../../../../system/step.ts";
import { STATUSES } from "../../modes/clumpview/states.ts";

const FAILURE: Failure = {
  error: new BootError("find the consoles", new Error("ENOENT")),
  uptime: 20,
};

describe("formatFailure()", () => {
  test("says what failed, why, what to try, how to be helped and what follows", () => {
    expect(formatFailure(FAILURE)).toBe(
      [
        "",
        "clump could not go on",
        "",
        "  What failed:  Cannot find the consoles: ENOENT",
        "  What to try:  boot with the word safe (nothing is probed), or with debug (says more).",
        "                Too little memory, a damaged image and a driver at fault look like this too.",
        "  The network:  the boot did not come to it.",
        "  The report:   /run/clump/report.txt has it in a moment.",
        "  To be helped: photograph this screen, or type clump report usb.",
        "                Without a USB disk: less /run/clump/report.txt shows what to photograph.",
        "",
        "A shell follows. dmesg shows the log; reboot starts again, poweroff ends.",
        "",
      ].join("\r\n"),
    );
  });

  test("says where the report goes, without a password", () => {
    const target = parseTarget("http://me:word@10.0.0.1/in/");
    const screen = formatFailure({ ...FAILURE, target });
    expect(screen).toContain(
      "  The report:   /run/clump/report.txt has it in a moment, sent to http://10.0.0.1/in/ as soon as",
    );
    expect(formatFailure({ ...FAILURE, target, restartSeconds: 5 })).toContain(
      "in 5 s, as panic= asks, but not before it is sent",
    );
  });

  test("offers nothing to type where the machine restarts", () => {
    expect(formatFailure({ ...FAILURE, restartSeconds: 5 })).not.toContain("/run/clump/report");
  });

  test.each([
    [
      "waiting",
      ["not configured yet", "eth0 link up, no answer to DHCP for 19 s  (0000:00:03.0 8086:100e e1000)"],
    ],
    [
      "no-nic",
      ["no ethernet devices configured", "no network interface came up, see why below", "problem no driver"],
    ],
    ["configured", ["address 192.168.1.77/24", "nic eth0  52:54:00:12:34:56"]],
  ])("shows the network as it is: %s", (name, lines) => {
    const screen = formatFailure({ ...FAILURE, uptime: 60, status: STATUSES[name] });
    const [, network = ""] = /The network:([\s\S]*)The report:/.exec(screen) ?? [];
    for (const line of lines) expect(network).toContain(line);
  });

  test("leaves out what would push away the failure, and what would speak to the terminal", () => {
    const screen = formatFailure({ ...FAILURE, status: STATUSES["crowded"] });
    expect(screen.split("\r\n").length).toBeLessThan(24);
    expect(screen).not.toContain("\x1b");
  });

  test("survives what is no error", () => {
    expect(formatFailure({ ...FAILURE, error: undefined })).toContain("What failed:  undefined");
  });
});
