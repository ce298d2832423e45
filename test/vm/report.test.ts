import { expect, test } from "bun:test";
import { BOOT, bootNode, SOON } from "../lib/node.ts";
import { openShell, output, run } from "../lib/shell.ts";
import { startTftpReceiver } from "../lib/tftp-receiver.ts";
import { until } from "../lib/until.ts";
import { makeStick } from "../lib/usb-stick.ts";

const KEY = "sesame-of-this-cluster";
const PASSWORD = "word-of-the-collector";
const NAME = "clump-node15-525400123456.txt";

/** What each report has, wherever it arrives. */
function expectReport(text: string | undefined): void {
  expect(text).toStartWith("clump 7");
  expect(text).toContain("1af4:1000");
  expect(text).toContain("Kernel driver in use: virtio-pci");
  expect(text).toMatch(/dhcp eth0: .*10\.0\.2\.15/);
  expect(text).toContain("inet 10.0.2.15/24");
  expect(text).toContain("default via 10.0.2.2");
  expect(text).toContain("1 10.0.2.1 254");
  expect(text).toMatch(/clump: get an address: ok/);
  expect(text).toContain("Linux version 6.");
  expect(text).not.toContain("Cannot ask");
  expect(text).toContain("clump.key=***");
  expect(text).not.toContain(KEY);
  expect(text).not.toContain(PASSWORD);
}

test("the report goes where clump.report= says, and by hand to tftp, syslog and a USB disk", async () => {
  const puts = new Map<string, string>();
  const arrived = Promise.withResolvers<void>();
  using stick = await makeStick();
  using tftp = await startTftpReceiver();
  const datagrams: string[] = [];
  const syslog = await Bun.udpSocket({
    hostname: "127.0.0.1",
    socket: { data: (_, packet) => void datagrams.push(packet.toString()) },
  });
  await using http = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      if (request.headers.get("authorization") !== `Basic ${btoa(`me:${PASSWORD}`)}`)
        return new Response("", { status: 401 });
      puts.set(`${request.method} ${new URL(request.url).pathname}`, await request.text());
      arrived.resolve();
      return new Response("", { status: 201 });
    },
  });
  try {
    await using vm = await bootNode({
      name: "report",
      append: `expert clump.key=${KEY} clump.report=http://me:${PASSWORD}@10.0.2.2:${http.port}/in/`,
      usbDisk: stick.path,
    });
    await openShell(vm, BOOT);
    await arrived.promise;
    expect([...puts.keys()]).toEqual([`PUT /in/${NAME}`]);
    expectReport(puts.get(`PUT /in/${NAME}`));

    expect(await output(vm, "cat /proc/cmdline")).toContain(
      `clump.report=http://***@10.0.2.2:${http.port}/in/`,
    );
    expect(await output(vm, "lsmod")).not.toContain("sd_mod");
    await output(vm, `clump report tftp://10.0.2.2:${tftp.port}/`, BOOT);
    expectReport(tftp.files.get(NAME));

    const said = await output(vm, `clump report udp://10.0.2.2:${syslog.port}`, BOOT);
    expect(said).toMatch(/^Report sent to 10\.0\.2\.2, port \d+, as \d+ messages of syslog$/m);
    await until(() => datagrams.length > 100, { within: 20 });
    expect(datagrams[0]).toMatch(/^<14>1 \d{4}-.*Z node15 clump - report \[meta sequenceId="1"\] clump 7/);

    expect(await output(vm, "clump report usb", BOOT)).toContain(`Report written to ${NAME} on /dev/sda1`);
    expect(await output(vm, "cat /proc/mounts")).not.toContain("/dev/sda1");
    expectReport(await stick.read(NAME));

    const failed = await run(vm, "clump report http://10.0.2.2:1/", BOOT);
    expect(failed.code).toBe(1);
    expect(failed.output).toContain(
      "clump: Cannot send the report to http://10.0.2.2:1/: there is no connection",
    );
    vm.console.send("poweroff\n");
    expect(await vm.ended(SOON)).toBe("guest-shutdown");
  } finally {
    syslog.close();
  }
});
