import { describe, expect, test } from "bun:test";
import type { BootOptions } from "../../../../init/options/boot-options.ts";
import { parseCommandLine } from "../../../../init/options/command-line.ts";
import { readNetworkOptions } from "../../../../probes/network-options/options.ts";
import { BOOLEAN_WANTED } from "../../../../system/boolean.ts";

const NOTHING: BootOptions = {
  ...{
    vnc: "full",
    users: [],
    shares: [],
    preferredNics: [],
    blacklist: [],
    debug: false,
    trace: false,
    eject: true,
    complaints: [],
  },
  network: readNetworkOptions([]),
};

/** What a command line asks for beyond nothing. */
const asked = (options: Partial<BootOptions>): BootOptions => ({ ...NOTHING, ...options });

describe("a mode is chosen by", () => {
  test.each<[string, NonNullable<BootOptions["mode"]>]>([
    ["clump.mode=clumpos", "clumpos"],
    ["clump.mode=novnc", "novnc"],
    ["clump.mode=expert", "expert"],
    ["clump.mode=safe", "safe"],
    ["clumpos", "clumpos"],
    ["novnc", "novnc"],
    ["expert", "expert"],
    ["safe", "safe"],
    ["rd.shell", "expert"],
    ["rd.shell=1", "expert"],
    ["rd.break", "expert"],
    ["rd.break=pre-mount", "expert"],
    ["break", "expert"],
    ["break=premount", "expert"],
    ["single", "expert"],
    ["s", "expert"],
    ["S", "expert"],
    ["1", "expert"],
    ["rescue", "expert"],
    ["emergency", "safe"],
    ["systemd.unit=rescue.target", "expert"],
    ["systemd.unit=emergency.target", "safe"],
    ["systemd.debug_shell", "expert"],
    ["systemd.debug_shell=1", "expert"],
    ["systemd.debug-shell", "expert"],
    ["systemd.debug-shell=yes", "expert"],
    ["systemd.debug_shell=/dev/ttyS0", "expert"],
    ["systemd.debug_shell=tty9", "expert"],
    ["rd.systemd.debug_shell", "expert"],
    ["rd.systemd.debug-shell=on", "expert"],
    ["rd.systemd.unit=rescue.target", "expert"],
    ["rd.systemd.unit=emergency.target", "safe"],
    ["rd.rescue", "expert"],
    ["rd.emergency", "safe"],
    ["rd.shell=yes", "expert"],
    ["rd.shell=TRUE", "expert"],
  ])("%s: %s", (text, mode) => {
    expect(parseCommandLine(text)).toEqual(asked({ mode }));
  });

  test.each([
    "rd.shell=0",
    "rd.shell=no",
    "rd.shell=off",
    "rd.shell=false",
    "systemd.debug_shell=0",
    "rd.systemd.debug-shell=no",
    "rd.systemd.unit=multi-user.target",
    "rd.emergency=reboot",
    "systemd-debug-shell",
    "systemd.unit=multi-user.target",
    "2",
    "3",
    "5",
    "Expert",
    "safely",
    "unsafe",
    "clump.mod",
  ])("nothing like %s", (text) => {
    expect(parseCommandLine(text).mode).toBeUndefined();
  });
});

describe("the last of two words wins:", () => {
  test.each<[string, Partial<BootOptions>]>([
    ["novnc expert", { mode: "expert" }],
    ["clump.mode=safe novnc", { mode: "novnc" }],
    ["rd.shell clump.mode=clumpos", { mode: "clumpos" }],
    ["hostname=a hostname=b", { hostname: "b" }],
    ["hostname=a systemd.hostname=b", { hostname: "b" }],
    ["systemd.hostname=b hostname=a", { hostname: "a" }],
    ["panic=1 panic=2", { panicSeconds: 2 }],
    ["debug debug=0", {}],
    ["debug=0 debug", { debug: true }],
    ["debug debug debug", { debug: true }],
    ["clump.map=1 clump.map=2", { map: "2" }],
  ])("%s", (text, options) => {
    expect(parseCommandLine(text)).toEqual(asked(options));
  });

  test("and a bad one takes nothing from a good one before it", () => {
    expect(parseCommandLine("hostname=good hostname=-bad-")).toMatchObject({ hostname: "good" });
  });
});

const COMPLAINT_OF_SERVE =
  "Cannot use clump.serve=eth0: two addresses of one Class C network as 10.1.0.50,10.1.0.200, 0, or no value is wanted, ignoring";

const COMPLAINT_OF_REPORT =
  "Cannot use clump.report=floppy: http(s)://HOST/PATH, tftp://HOST/PATH, udp://HOST:PORT, syslog://HOST or usb is wanted, ignoring";

test.each(["0", "no", "off", "false"])("clump.vnc=%s turns VNC off", (value) => {
  const { vnc, complaints } = parseCommandLine(`clump.vnc=${value}`);
  expect([vnc, complaints]).toEqual([undefined, []]);
});

describe("options", () => {
  test.each<[string, Partial<BootOptions>]>([
    ["hostname=node77", { hostname: "node77" }],
    ["clump.eject=0", { eject: false }],
    ["clump.eject=0 clump.eject", { eject: true }],
    ["clump.eject=no", { eject: false }],
    ["clump.eject=off", { eject: false }],
    ["clump.eject=false", { eject: false }],
    ["clump.trace", { trace: true }],
    ["clump.trace=0", {}],
    ["debug=yes", { debug: true }],
    ["debug=on", { debug: true }],
    ["debug=true", { debug: true }],
    ["debug=no", {}],
    ["rd.debug=off", {}],
    ["clump.serve clump.serve=no", {}],
    ["clump.serve=on", { serve: { pool: ["192.168.77.2", "192.168.77.254"], isAsked: false } }],
    ["clump.web clump.web=false", {}],
    ["clump.web=true", { web: 8080 }],
    ["rd.systemd.hostname=node7", { hostname: "node7" }],
    ["clump.key='abc'", { key: "'abc'" }],
    ["hostname=a hostname='b'", { hostname: "a", complaints: [expect.stringContaining("hostname='b'")] }],
    ["clump.key==", { key: "=" }],
    ["clump.discovery=omdiscd", { discovery: "omdiscd" }],
    ["clump.moves=open", { moves: "open" }],
    ["clump.balance=off", { balance: "off" }],
    ["clump.demo=6", { demo: 6 }],
    ["clump.topology=drone", { topology: "drone" }],
    ["clump.moves=open clump.moves=no", { moves: "no" }],
    ["clump.control=99", { control: { address: "127.0.0.1", port: 99 } }],
    [
      "clump.control=10.0.0.1:99 clump.control=x clump.key=k",
      { control: { address: "10.0.0.1", port: 99 }, key: "k", complaints: [expect.any(String)] },
    ],
    ["clump.serve", { serve: { pool: ["192.168.77.2", "192.168.77.254"], isAsked: false } }],
    ["clump.serve=10.1.0.5,10.1.0.9", { serve: { pool: ["10.1.0.5", "10.1.0.9"], isAsked: true } }],
    ["clump.serve clump.serve=0", {}],
    ["clump.serve=eth0", { complaints: [COMPLAINT_OF_SERVE] }],
    ["clump.report=usb", { report: { kind: "usb" } }],
    ["clump.report=usb clump.report=floppy", { report: { kind: "usb" }, complaints: [COMPLAINT_OF_REPORT] }],
    ["clump.tools=http://10.0.0.1/clump/tools.img", {}],
    ["clump.slurm=ctl1:6817,10.0.0.2", { slurm: { controllers: "ctl1:6817,10.0.0.2", leave: "requeue" } }],
    ["clump.slurm=ctl clump.slurm.leave=wait", { slurm: { controllers: "ctl", leave: "wait" } }],
    ["clump.slurm", { slurm: { controllers: "", leave: "requeue" } }],
    ["clump.slurm.leave=wait", {}],
    [
      '"clump.users=al:x:1000:1000:Al B:/home/al:/bin/sh" clump.users=bo:x:1001:100::/:',
      {
        users: [
          { name: "al", uid: 1000, gid: 1000, rest: "Al B:/home/al:/bin/sh" },
          { name: "bo", uid: 1001, gid: 100, rest: ":/:" },
        ],
      },
    ],
    [
      "clump.mount=nfs4:files:/home:/home clump.mount=nfs:10.0.0.2:/data:/data",
      {
        shares: [
          { type: "nfs4", server: "files", path: "/home", mountPoint: "/home" },
          { type: "nfs", server: "10.0.0.2", path: "/data", mountPoint: "/data" },
        ],
      },
    ],
    ["clump.web", { web: 8080 }],
    ["clump.web=1", { web: 8080 }],
    ["clump.web=80", { web: 80 }],
    ["clump.web clump.web=0", {}],
    ["hostname=node77.lab.example.org", { hostname: "node77.lab.example.org" }],
    [`hostname=${"a".repeat(32)}.${"b".repeat(31)}`, { hostname: `${"a".repeat(32)}.${"b".repeat(31)}` }],
    ["clump.hostname=pc%d", { hostnamePattern: "pc%d" }],
    ["clump.hostname=%05d.lab", { hostnamePattern: "%05d.lab" }],
    ["hostname=1", { hostname: "1" }],
    ["hostname=0x10", { hostname: "0x10" }],
    ["hostname=true", { hostname: "true" }],
    [`hostname=${"a".repeat(63)}`, { hostname: "a".repeat(63) }],
    ["panic=0", { panicSeconds: 0 }],
    ["panic=30", { panicSeconds: 30 }],
    ["panic=-1", { panicSeconds: -1 }],
    ["debug", { debug: true }],
    ["rd.debug", { debug: true }],
    ["rd.debug=0", {}],
    ["modprobe.blacklist=e1000", { blacklist: ["e1000"] }],
    ["modprobe.blacklist=e1000,r8169 blacklist=tg3", { blacklist: ["e1000", "r8169", "tg3"] }],
    ["rd.driver.blacklist=a,,b,", { blacklist: ["a", "b"] }],
    ["modprobe.blacklist", {}],
    ['clump.map="1 10.0.0.1 254; 300 10.9.9.9 1"', { map: "1 10.0.0.1 254; 300 10.9.9.9 1" }],
    ['"clump.map=1 10.0.0.1 254"', { map: "1 10.0.0.1 254" }],
    ["clump.map=a=b", { map: "a=b" }],
    ["clump.key=first clump.key=second clump.key=", { key: "second", complaints: expect.any(Array) }],
    ["clump.vnc=1", {}],
    ["clump.vnc=view", { vnc: "view" }],
    ["clump.vnc.password=none", { password: "none" }],
    ["clump.shell.password=open", { shellPassword: "open" }],
    [
      '"clump.ssh=ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHPvLXyrmfHsZXwFQrd7ByXLWnx0T9OPT2e3Xoc7D4dG me" clump.eject',
      {
        ssh: {
          keys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHPvLXyrmfHsZXwFQrd7ByXLWnx0T9OPT2e3Xoc7D4dG"],
          takesFileAndPassword: false,
        },
      },
    ],
    ["clump.ssh", { ssh: { keys: [], takesFileAndPassword: true }, eject: false }],
    ["clump.ssh clump.ssh=0", {}],
    ["clump.vnc.password=one inst.vncpassword=two", { password: "two" }],
  ])("%s", (text, options) => {
    expect(parseCommandLine(text)).toEqual(asked(options));
  });
});

describe("a value that cannot be used is reported:", () => {
  test.each([
    ["clump.mode=fast", "Cannot use clump.mode=fast: clumpos, novnc, expert or safe is wanted, ignoring"],
    ["clump.mode=", "Cannot use clump.mode=: clumpos, novnc, expert or safe is wanted, ignoring"],
    ["clump.mode", "Cannot use clump.mode=: clumpos, novnc, expert or safe is wanted, ignoring"],
    [
      "clump.mode=__proto__",
      "Cannot use clump.mode=__proto__: clumpos, novnc, expert or safe is wanted, ignoring",
    ],
    ...["pc", "%d_", "pc%s", "%06d", "-%d", "pc%d%d", ""].map((text): [string, string] => [
      `clump.hostname=${text}`,
      `Cannot use clump.hostname=${text}: a name with %d for the node number as in pc%d is wanted, ignoring`,
    ]),
    ["hostname=", "Cannot use hostname=: a name of letters, digits and hyphens is wanted, ignoring"],
    ["hostname=a_b", "Cannot use hostname=a_b: a name of letters, digits and hyphens is wanted, ignoring"],
    ["hostname=-a", "Cannot use hostname=-a: a name of letters, digits and hyphens is wanted, ignoring"],
    ["hostname=a..b", "Cannot use hostname=a..b: a name of letters, digits and hyphens is wanted, ignoring"],
    [
      `hostname=${"a".repeat(32)}.${"b".repeat(32)}`,
      `Cannot use hostname=${"a".repeat(32)}.${"b".repeat(32)}: a name of letters, digits and hyphens is wanted, ignoring`,
    ],
    ["clump.map.span=all", "Cannot use clump.map.span=all: class-c or prefix is wanted, ignoring"],
    ["clump.discovery=x", "Cannot use clump.discovery=x: map, omdiscd or static is wanted, ignoring"],
    [
      "clump.vnc.password=pässword",
      "Cannot use clump.vnc.password=***: a password, or none is wanted, ignoring",
    ],
    ["clump.vnc=none", "Cannot use clump.vnc=none: 0, 1 or view is wanted, ignoring"],
    ["clump.eject=maybe", `Cannot use clump.eject=maybe: ${BOOLEAN_WANTED} is wanted, ignoring`],
    ["debug=2", `Cannot use debug=2: ${BOOLEAN_WANTED} is wanted, ignoring`],
    ["rd.shell=2", `Cannot use rd.shell=2: ${BOOLEAN_WANTED} is wanted, ignoring`],
    ["rd.shell=", `Cannot use rd.shell=: ${BOOLEAN_WANTED} is wanted, ignoring`],
    [
      "rd.systemd.debug-shell=perhaps",
      `Cannot use rd.systemd.debug-shell=perhaps: ${BOOLEAN_WANTED} is wanted, ignoring`,
    ],
    ["clump.key=", "Cannot use clump.key=: a text that all nodes share is wanted, ignoring"],
    [
      "clump.control=host",
      "Cannot use clump.control=host: an address, a port, or both as 10.0.0.1:5430 is wanted, ignoring",
    ],
    ["clump.demo=0", "Cannot use clump.demo=0: a number of processes from 1 to 256 is wanted, ignoring"],
    ["clump.demo=999", "Cannot use clump.demo=999: a number of processes from 1 to 256 is wanted, ignoring"],
    [
      "clump.topology=ring",
      "Cannot use clump.topology=ring: peers or controller or drone is wanted, ignoring",
    ],
    ["clump.balance=no", "Cannot use clump.balance=no: on or off is wanted, ignoring"],
    ["clump.moves=yes", "Cannot use clump.moves=yes: open or no is wanted, ignoring"],
    [
      "clump.ssh=secret",
      "Cannot use clump.ssh=secret: a public key as ssh-keygen writes it, or nothing for the file clump.ssh and the password of the shells is wanted, ignoring",
    ],
    [
      "clump.tools=tools.img",
      "Cannot use clump.tools=tools.img: a URL of http, https or tftp, without a user is wanted, ignoring",
    ],
    [
      "clump.slurm=-Z",
      "Cannot use clump.slurm=-Z: the controller of a Slurm cluster as ctl.example.org or 10.0.0.1:6817, or nothing for that of DNS is wanted, ignoring",
    ],
    ["clump.slurm.leave=go", "Cannot use clump.slurm.leave=go: requeue or wait is wanted, ignoring"],
    [
      "clump.users=root",
      "Cannot use clump.users=root: a line of passwd(5) for a user other than root, as alice:x:1000:1000:Alice:/home/alice:/bin/sh is wanted, ignoring",
    ],
    [
      "clump.mount=/home",
      "Cannot use clump.mount=/home: a share as nfs4:SERVER:/path:/mountpoint, or nfs: for NFS 3 is wanted, ignoring",
    ],
    ["clump.web=http", "Cannot use clump.web=http: a port, or 0 for none is wanted, ignoring"],
    ["clump.no-mode=1", "Cannot use clump.no-mode: there is no such option, ignoring"],
    ["panic=soon", "Cannot use panic=soon: a number of seconds is wanted, ignoring"],
    ["panic=1.5", "Cannot use panic=1.5: a number of seconds is wanted, ignoring"],
    ["panic=9999999999", "Cannot use panic=9999999999: a number of seconds is wanted, ignoring"],
    ["panic", "Cannot use panic=: a number of seconds is wanted, ignoring"],
    ["clump.map=", "Cannot use clump.map=: a map is wanted, ignoring"],
    ["clump.modes=safe", "Cannot use clump.modes: there is no such option, ignoring"],
    ["clump.__proto__=x", "Cannot use clump.__proto__: there is no such option, ignoring"],
    ["clump.", "Cannot use clump.: there is no such option, ignoring"],
  ])("%s", (text, complaint) => {
    expect(parseCommandLine(text)).toEqual(asked({ complaints: [complaint] }));
  });

  test("a control port that is open to the network, where there is no key to prove", () => {
    const { control, complaints } = parseCommandLine("clump.control=0.0.0.0");
    expect(control).toEqual({ address: "0.0.0.0", port: 5430 });
    expect(complaints).toEqual([
      "Cannot answer anybody from outside at clump.control=0.0.0.0:5430: an open cluster has no key to prove, and clump.key= is wanted",
    ]);
    for (const text of ["clump.control=0.0.0.0 clump.key=k", "clump.control=127.0.0.1:99"])
      expect(parseCommandLine(text).complaints).toEqual([]);
  });

  test("a password longer than VNC can compare", () => {
    const { password, complaints } = parseCommandLine("clump.vnc.password=ninechars");
    expect(password).toBe("ninechars");
    expect(complaints).toEqual([
      "Cannot use all of clump.vnc.password: VNC compares its first 8 characters, ignoring the rest",
    ]);
  });

  test("each of them", () => {
    const { complaints } = parseCommandLine(`clump.mode=x clump.mode=y hostname=${"a".repeat(64)} panic=z`);
    expect(complaints).toHaveLength(4);
  });
});

describe("words that are not ours are ignored:", () => {
  test.each([
    "",
    "\n",
    "BOOT_IMAGE=/vmlinuz root=/dev/sda1 ro console=tty0 console=ttyS0,115200n8 loglevel=3",
    "rd.info rd.emergency=reboot rd.cmdline=ask systemd.mask=x.service",
    "net.ifnames=0 biosdevname=0",
    "mode=safe map=1 xclump.mode=safe nohostname=x noquiet no-debug",
    "-- --clump.mode=safe --hostname=x -q --quiet --help --version",
    "e1000.debug=16 a.b.c=d constructor=1 __proto__=x __proto__.polluted=1 toString hasOwnProperty=1",
    '= == =x "" \'',
  ])("%j", (text) => {
    expect(parseCommandLine(text)).toEqual(NOTHING);
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  });
});

test("4096 random bytes never throw", () => {
  // A small generator with a fixed seed (Numerical Recipes), so that a failure comes again.
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  };
  const pieces = [
    "clump.",
    "mode=",
    "hostname=",
    "panic=",
    '"',
    " ",
    "--",
    "debug",
    "=",
    "__proto__",
    "[0]",
    "\0",
  ];
  for (let round = 0; round < 100; round++) {
    const bytes = Uint8Array.from({ length: 4_096 }, random);
    const words = Array.from({ length: 400 }, () => pieces[random() % pieces.length]).join("");
    for (const text of [new TextDecoder().decode(bytes), Buffer.from(bytes).toString("latin1"), words]) {
      const { complaints, mode } = parseCommandLine(text);
      expect(complaints.every((complaint) => complaint.startsWith("Cannot use "))).toBe(true);
      expect([undefined, "clumpos", "novnc", "expert", "safe"]).toContain(mode);
    }
  }
});

describe("single quotes are part of a value, and so are double quotes that the kernel leaves:", () => {
  test.each([
    ["clump.key='abc'", "'abc'"],
    [`clump.key="'abc'"`, "'abc'"],
    [`clump.key="abc"`, "abc"],
    [`"clump.key=abc"`, "abc"],
    [`clump.key=a"b"`, `a"b"`],
    [`clump.key=""abc""`, `"abc"`],
    ["clump.key='", "'"],
  ])("%s", (text, key) => {
    expect(parseCommandLine(text)).toEqual(asked({ key }));
  });
});

describe("the host name of ip=", () => {
  test.each([
    ["ip=::::pc7::dhcp", "pc7"],
    ["hostname=pc8 ip=::::pc7::dhcp", "pc8"],
    ["ip=::::pc7::dhcp systemd.hostname=pc9", "pc9"],
  ])("gives way to hostname=: %s", (text, hostname) => {
    expect(parseCommandLine(text).hostname).toBe(hostname);
  });
});

test("what ip= says wrong is complained of with the rest", () => {
  expect(parseCommandLine("ip=dchp clump.mode=x").complaints).toEqual([
    "Cannot use ip=dchp: the method is dchp, and dhcp, off, none or auto6 was wanted, using DHCP",
    "Cannot use clump.mode=x: clumpos, novnc, expert or safe is wanted, ignoring",
  ]);
});
test.each<[string, BootOptions["bootedFrom"]]>([
  [
    "BOOTIF=01-52-54-00-12-34-56 ip=10.9.0.50:10.9.0.1:10.9.0.1:255.255.255.0",
    { nic: "01-52-54-00-12-34-56", address: "10.9.0.50" },
  ],
  ["ip=10.9.0.50:10.9.0.1:10.9.0.1:255.255.255.0", undefined],
  ["BOOTIF=01-52-54-00-12-34-56", undefined],
])("what a boot loader hands over is remembered: %s", (text, expected) => {
  expect(parseCommandLine(text).bootedFrom).toEqual(expected);
});

describe("a network interface is asked for by", () => {
  test.each<[string, readonly string[]]>([
    ["clump.nic=eth1", ["eth1"]],
    ["clump.nic=0000:00:03.0", ["0000:00:03.0"]],
    ["BOOTIF=01-52-54-00-12-34-56", ["01-52-54-00-12-34-56"]],
    ["BOOTIF=01-52-54-00-12-34-56 rd.bootif=0", []],
    ["BOOTIF=01:52:54:00:12:34:56", ["01:52:54:00:12:34:56"]],
    ["BOOTIF=52:54:00:12:34:56", ["52:54:00:12:34:56"]],
    ["BOOTIF=01-52-54-00-12-34-56 clump.nic=eth1", ["eth1", "01-52-54-00-12-34-56"]],
    ["clump.nic=eth1 clump.nic=eth2", ["eth2"]],
    ["BOOTIF=01-52-54-00-12-34-56 bootdev=eth3 clump.nic=eth1", ["eth1", "eth3", "01-52-54-00-12-34-56"]],
  ])("%s: %p", (text, names) => {
    const { preferredNics, complaints } = parseCommandLine(text);
    expect(preferredNics.map(({ name }) => name)).toEqual([...names]);
    expect(complaints).toEqual([]);
  });

  test.each(["BOOTIF=eth0", "BOOTIF=01-52-54", "clump.nic="])("%s not, and it is said", (text) => {
    const { preferredNics, complaints } = parseCommandLine(text);
    expect(preferredNics).toEqual([]);
    expect(complaints).toEqual([expect.stringContaining(`Cannot use ${text}: a`)]);
  });
});

test.each<[string, BootOptions["span"]]>([
  ["clump.map.span=prefix", "prefix"],
  ["clump.map.span=class-c", "class-c"],
  ["clump.map=x", undefined],
])("%s: a map of %p", (text, span) => {
  expect(parseCommandLine(text).span).toBe(span);
});
