import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Setting, stateOf, write } from "./setting.ts";

let setting: Setting;
beforeAll(async () => {
  setting = await Setting.start();
});
afterAll(async () => await setting.stop());

const PYTHON =
  "import os,sys,time,socket,fcntl,ctypes,signal,mmap,select,threading\nlibc=ctypes.CDLL(None)\n" +
  "def nap():\n  open('here','w').close()\n  while not os.path.exists('go'): time.sleep(.05)\n";

/** Each ends with "right" and status 3 where all is as it should be after the move, or at home. */
const MOVES: readonly (readonly [string, string])[] = [
  [
    "a child with pipes",
    "r,w=os.pipe()\nif os.fork()==0:\n  time.sleep(2); os.write(w,b'x'); os._exit(4)\ntime.sleep(1); ok=os.read(r,1)==b'x' and os.wait()[1]==1024",
  ],
  ["a zombie child", "p=os.fork()\nif p==0: os._exit(4)\ntime.sleep(2); ok=os.waitpid(p,0)[1]==1024"],
  [
    "a child with a session of its own",
    "p=os.fork()\nif p==0:\n  os.setsid(); time.sleep(2); os._exit(5)\nok=os.wait()[1]==1280",
  ],
  [
    "an unlinked file",
    "f=open('gone','w+'); f.write('kept'); f.flush(); os.unlink('gone'); time.sleep(2); f.seek(0); ok=f.read()=='kept'",
  ],
  [
    "memory shared with a child",
    "m=mmap.mmap(-1,4096)\nif os.fork()==0:\n  time.sleep(1.8); m[0]=7; os._exit(0)\nos.wait(); ok=m[0]==7",
  ],
  ["a memfd", "f=os.memfd_create('m'); os.write(f,b'kept'); time.sleep(2); ok=os.pread(f,4,0)==b'kept'"],
  [
    "an interval timer",
    "n=[]; signal.signal(signal.SIGALRM,lambda *a: n.append(1)); signal.setitimer(signal.ITIMER_REAL,.3,.3); e=time.monotonic()+2\nwhile time.monotonic()<e: time.sleep(.1)\nok=len(n)>3",
  ],
  [
    "epoll and threads",
    "e=select.epoll(); r,w=os.pipe(); e.register(r,select.EPOLLIN); t=threading.Thread(target=lambda: (time.sleep(2),os.write(w,b'x'))); t.start(); ok=e.poll(5)[0][0]==r; t.join()",
  ],
  [
    "timerfd, eventfd and signalfd",
    "t=libc.timerfd_create(1,0); libc.timerfd_settime(t,0,(ctypes.c_long*4)(0,0,2,0),None); e=os.eventfd(5); m=(ctypes.c_ulong*16)(1<<9); libc.sigprocmask(0,m,None); s=libc.signalfd(-1,m,0); n=os.read(t,8)[0]; os.kill(os.getpid(),10); ok=n==1 and os.eventfd_read(e)==5 and os.read(s,128)[0]==10",
  ],
  [
    "locked memory",
    "m=mmap.mmap(-1,4096); m[0]=7; a=ctypes.addressof(ctypes.c_char.from_buffer(m)); ok=libc.mlock(ctypes.c_void_p(a),4096)==0; time.sleep(2); ok=ok and m[0]==7",
  ],
];

const REFUSED: readonly (readonly [string, string, RegExp])[] = [
  [
    "a TCP connection",
    "s=socket.create_server(('127.0.0.1',0)); c=socket.create_connection(s.getsockname()); nap(); ok=True",
    /^uses a socket/,
  ],
  [
    "a TCP socket that listens",
    "s=socket.create_server(('127.0.0.1',0)); nap(); c=socket.create_connection(s.getsockname()); ok=s.accept()[0].fileno()>0",
    /^uses a socket/,
  ],
  [
    "a UDP socket",
    "s=socket.socket(socket.AF_INET,socket.SOCK_DGRAM); s.bind(('127.0.0.1',0)); nap(); ok=True",
    /^uses a socket/,
  ],
  [
    "memory of System V",
    "i=libc.shmget(0,4096,0o1600); libc.shmat.restype=ctypes.c_void_p; a=libc.shmat(i,None,0); libc.shmctl(i,0,None); nap(); ok=a>0",
    /^shares memory of System V \(monkey\)$/,
  ],
  [
    "a held lock",
    "f=open('lock','w'); fcntl.flock(f,fcntl.LOCK_EX); nap(); ok=True",
    /^holds a lock of .*lock$/,
  ],
  [
    "a lock of a range",
    "f=open('lock','w'); fcntl.lockf(f,fcntl.LOCK_EX); nap(); ok=True",
    /^holds a lock of .*lock$/,
  ],
  [
    "a device",
    "f=open('/dev/fuse' if os.path.exists('/dev/fuse') else '/dev/net/tun'); nap(); ok=True",
    /^uses the device \/dev\//,
  ],
  [
    "a watch of files",
    "i=libc.inotify_init1(0); libc.inotify_add_watch(i,b'.',0x100); nap(); open('new','w'); ok=len(os.read(i,4096))>16",
    /^uses inotify$/,
  ],
  ["io_uring", "p=(ctypes.c_uint*30)(); r=libc.syscall(425,4,p); nap(); ok=r>=0", /^uses io_uring$/],
  ["a pidfd", "p=os.pidfd_open(os.getppid()); nap(); ok=p>0", /^uses pidfd$/],
  ["a fifo", "os.mkfifo('fifo'); f=os.open('fifo',os.O_RDWR); nap(); ok=True", /^uses the fifo .*fifo$/],
  ["namespaces of its own", "ok=libc.unshare(0x04000000)==0; nap()", /^has namespaces of its own \(uts\)$/],
  [
    "a filter of system calls",
    "ok=libc.prctl(38,1,0,0,0)==0\nclass F(ctypes.Structure): _fields_=[('n',ctypes.c_ushort),('p',ctypes.c_void_p)]\nb=ctypes.create_string_buffer(bytes([6,0,0,0,0,0,255,127])); f=F(1,ctypes.addressof(b)); ok=ok and libc.prctl(22,2,ctypes.byref(f))==0; nap()",
    /^may not make every system call \(seccomp\)$/,
  ],
];

async function run(body: string) {
  const folder = setting.folder();
  write(folder, "case.py", `${PYTHON}${body}\nprint("right" if ok else "wrong", flush=True)\nos._exit(3)\n`);
  const { ended } = setting.start("exec python3 case.py", folder);
  const pid = await setting.find(/python3? case\.py$/);
  if (body.includes("nap()")) while (!existsSync(join(folder, "here"))) await Bun.sleep(20);
  else await Bun.sleep(900);
  const state = await setting.pair.move(pid);
  write(folder, "go", "");
  return { state, ...(await ended) };
}

describe("a process moves with", () => {
  test.each(MOVES)("%s", async (_, body) => {
    const { state, out, status } = await run(body);
    expect({ state, out, status }).toEqual({ state: { at: "AWAY" }, out: "right\n", status: 3 });
  });
});

describe("a process stays at home, unharmed, with", () => {
  test.each(REFUSED)("%s", async (_, body, reason) => {
    const { state, out, status } = await run(body);
    expect(state).toEqual({ at: "HOME", reason: expect.stringMatching(reason) });
    expect({ out, status }).toEqual({ out: "right\n", status: 3 });
  });
});

/** Starts a process that waits for the file "go", moves it after `prepare`, and gives what came of it. */
async function moveAfter(prepare: (pid: number, folder: string) => Promise<void> | void) {
  const folder = setting.folder();
  write(folder, "case.py", `${PYTHON}nap()\nprint("right", flush=True)\nos._exit(3)\n`);
  const { ended } = setting.start("exec python3 case.py", folder);
  const pid = await setting.find(/python3? case\.py$/);
  while (!existsSync(join(folder, "here"))) await Bun.sleep(20);
  await prepare(pid, folder);
  const state = await setting.pair.move(pid);
  const end = async () => {
    write(folder, "go", "");
    return await ended;
  };
  return { pid, state, end };
}

const RIGHT = { out: "right\n", status: 3 };

test("a process that is stopped stays at home, stopped", async () => {
  const { pid, state, end } = await moveAfter(async (stopped) => {
    process.kill(stopped, "SIGSTOP");
    while (stateOf(stopped) !== "T") await Bun.sleep(5);
  });
  expect(state).toEqual({ at: "HOME", reason: "is stopped" });
  expect(stateOf(pid)).toBe("T");
  process.kill(pid, "SIGCONT");
  expect(await end()).toMatchObject(RIGHT);
});

test("a process that is traced stays at home, traced", async () => {
  let tracer = 0;
  const { state, end } = await moveAfter(async (traced, folder) => {
    const seize = `libc.ptrace(0x4206,${traced},0,0); nap()`;
    write(folder, "tracer.py", PYTHON.replace("'here'", "'seized'") + seize);
    setting.start("exec python3 tracer.py", folder);
    tracer = await setting.find(/python3? tracer\.py$/);
    while (!existsSync(join(folder, "seized"))) await Bun.sleep(20);
  });
  expect(state).toEqual({ at: "HOME", reason: `is traced by process ${tracer}` });
  expect(await end()).toMatchObject(RIGHT);
});

test("a deputy does not move as a process of its own", async () => {
  const { pid, state, end } = await moveAfter(() => {});
  expect(state).toEqual({ at: "AWAY" });
  expect(await setting.pair.move(pid)).toEqual({ at: "HOME", reason: "is away already" });
  expect(await end()).toMatchObject(RIGHT);
});
