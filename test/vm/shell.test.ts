import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Vm } from "../../assets/qemu/vm.ts";
import { FILE_CHECKS, PROGRAM_CHECKS } from "../lib/image-programs.ts";
import { BOOT, bootNode, CONFIGURED, ENTERED, SOON, toolsFile } from "../lib/node.ts";
import { openShell, output, run } from "../lib/shell.ts";

/** One node for all of them: none changes what another looks at. */
let vm: Vm;

beforeAll(async () => {
  const tools = toolsFile();
  vm = await bootNode({
    name: "tools",
    screen: true,
    append: "expert clump.moves=open",
    keyboard: "usb",
    tools,
  });
  await vm.console.expect(CONFIGURED, BOOT);
  await vm.console.expect(ENTERED, BOOT);
  await openShell(vm, BOOT);
  expect((await run(vm, "bash --version")).code).not.toBe(0);
  expect(await output(vm, "clump tools")).toContain("tmux are at hand, from /dev/vda");
}, 300_000);

afterAll(async () => await vm?.[Symbol.asyncDispose]());

test.each([
  ["ifconfig", "ifconfig eth0", "10.0.2.15"],
  ["route", "route -n", "10.0.2.2"],
  ["ip", "ip route", "default via 10.0.2.2"],
  ["ping", "ping -c 1 10.0.2.2", "1 packets received"],
  ["dmesg", "dmesg", "Linux version"],
  ["the loopback", "ping -c 1 127.0.0.1", "1 packets received"],
  ["mount", "mkdir /tmp/m && mount -t tmpfs none /tmp/m && mount", "/tmp/m"],
  [
    "nc",
    "(echo hello | nc -l -p 4000 &); until nc 127.0.0.1 4000 </dev/null; do usleep 100000; done",
    "hello",
  ],
  ["wget", "echo page > /tmp/page; (httpd -h /tmp -p 4001); wget -q -O - http://127.0.0.1:4001/page", "page"],
  ["a VGA screen with finer blocks", "cat /run/clump/fine-consoles", "/dev/tty1"],
  ["help of the shell, with ours at its end,", "help | tail -3", "clump help VERB"],
  ["the map", "cat /etc/mosix.map", "1 10.0.2.1 254"],
] as const)("%s answers", async (_name, command, wanted) => {
  expect(await output(vm, command)).toContain(wanted);
});

const programs = Object.entries(PROGRAM_CHECKS).flatMap(([path, check]) =>
  "test" in check ? [] : [[path, ...check] as const],
);

test.each(programs)("%s runs, and lacks no file", async (_path, command, wanted) => {
  expect(await output(vm, command)).toContain(wanted);
});

test.each(FILE_CHECKS)("%s is found", async (_name, command, wanted) => {
  expect(await output(vm, command)).toContain(wanted);
});

test("nobody listens on the port of ssh by default", async () => {
  // 0016 is 22; 0A is TCP_LISTEN.
  expect(await output(vm, "grep -cE ':0016 .* 0A ' /proc/net/tcp || true")).toBe("0\n");
});

test.each([
  ["man clump-nodes", "lists the nodes of the cluster"],
  ["clump help", "lists the nodes of the cluster"],
  ["help", "Built-in commands"],
])("%s shows a page that q closes", async (command, wanted) => {
  vm.console.send(`${command}\n`);
  await vm.console.expect("q closes this page", SOON);
  await vm.console.expect(wanted, SOON);
  vm.console.send("q");
  expect(await output(vm, "echo back")).toContain("back");
});

test("clump blink blinks the LEDs of the keyboard", async () => {
  const look = "cat /sys/class/leds/*::capslock/brightness; usleep 200000";
  const seen = await output(vm, `(clump blink >/dev/null 2>&1 &); for look in $(seq 20); do ${look}; done`);
  expect(new Set(seen.trim().split("\n"))).toEqual(new Set(["0", "1"]));
});

test("setpe -r prints our map's report", async () => {
  const report = await output(vm, "setpe -r");
  expect(report).toContain("15");
  expect(report).toContain("10.0.2.1");
});

test("setpe refuses a bad map and keeps the old one", async () => {
  const { code } = await run(vm, "echo '1 nonsense 1' > /tmp/bad; setpe -w -f /tmp/bad");
  expect(code).not.toBe(0);
  expect(await output(vm, "cat /etc/mosix.map")).toContain("1 10.0.2.1 254");
});

test("vi edits a file", async () => {
  vm.console.send("vi /tmp/letter\n");
  // Its last line begins with the mode it is in.
  await vm.console.expect("- /tmp/letter", SOON);
  vm.console.send("i");
  await vm.console.expect("I /tmp/letter", SOON);
  vm.console.send("dear node\x1b");
  await vm.console.expect("- /tmp/letter", SOON);
  vm.console.send(":wq\n");
  expect(await output(vm, "cat /tmp/letter")).toContain("dear node");
});

test("less shows a file and q leaves it", async () => {
  vm.console.send("seq 1 500 > /tmp/many; less /tmp/many\n");
  // Below what fits on the screen is the name of the file.
  await vm.console.expect("\n/tmp/many", SOON);
  vm.console.send("q");
  expect(await output(vm, "echo back")).toContain("back");
});

test("Ctrl-C ends what runs and not the shell", async () => {
  const shell = (await output(vm, "echo $$")).trim();
  // What it says itself says also that it is what the keys go to.
  vm.console.send("sh -c 'echo run\"\"s; exec sleep 1000'\n");
  await vm.console.expect("\nruns\n", SOON);
  vm.console.send("\x03");
  expect((await output(vm, "echo $$")).trim()).toBe(shell);
  expect(await output(vm, "ps -o args | grep -c '^sleep 1000' || true")).toBe("0\n");
});

test("job control: Ctrl-Z stops, jobs lists, fg goes on", async () => {
  const goesOn = `sh -c 'trap "echo goes on" CONT; echo run""s; while :; do sleep 1; done'`;
  vm.console.send(`${goesOn}\n`);
  await vm.console.expect("\nruns\n", SOON);
  vm.console.send("\x1a");
  expect(await output(vm, "jobs")).toMatch(/Stopped\s+sh -c/);
  vm.console.send("fg\n");
  await vm.console.expect("\ngoes on\n", SOON);
  vm.console.send("\x03");
  expect(await output(vm, "jobs")).not.toContain("sh -c");
});
