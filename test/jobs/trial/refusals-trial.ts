import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { Setting, write } from "./setting.ts";

let setting: Setting;
beforeAll(async () => {
  setting = await Setting.start();
});
afterAll(async () => await setting.stop());

const PYTHON =
  "import os,sys,time,socket,fcntl,ctypes,signal,mmap,select,threading\nlibc=ctypes.CDLL(None)\n";

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
];

const REFUSED: readonly (readonly [string, string, RegExp])[] = [
  [
    "a TCP connection",
    "s=socket.create_server(('127.0.0.1',0)); c=socket.create_connection(s.getsockname()); time.sleep(1.5); ok=True",
    /^uses a socket/,
  ],
  [
    "a UDP socket",
    "s=socket.socket(socket.AF_INET,socket.SOCK_DGRAM); s.bind(('127.0.0.1',0)); time.sleep(1.5); ok=True",
    /^uses a socket/,
  ],
  [
    "memory of System V",
    "i=libc.shmget(0,4096,0o1600); libc.shmat.restype=ctypes.c_void_p; a=libc.shmat(i,None,0); libc.shmctl(i,0,None); time.sleep(1.5); ok=a>0",
    /^shares memory of System V \(monkey\)$/,
  ],
  [
    "a held lock",
    "f=open('lock','w'); fcntl.flock(f,fcntl.LOCK_EX); time.sleep(1.5); ok=True",
    /^holds a lock of .*lock$/,
  ],
  [
    "a lock of a range",
    "f=open('lock','w'); fcntl.lockf(f,fcntl.LOCK_EX); time.sleep(1.5); ok=True",
    /^holds a lock of .*lock$/,
  ],
  [
    "a device",
    "f=open('/dev/fuse' if os.path.exists('/dev/fuse') else '/dev/net/tun'); time.sleep(1.5); ok=True",
    /^uses the device \/dev\//,
  ],
  [
    "a fifo",
    "os.mkfifo('fifo'); f=os.open('fifo',os.O_RDWR); time.sleep(1.5); ok=True",
    /^uses the fifo .*fifo$/,
  ],
  [
    "namespaces of its own",
    "ok=libc.unshare(0x04000000)==0; time.sleep(1.5)",
    /^has namespaces of its own \(uts\)$/,
  ],
  [
    "a filter of system calls",
    "ok=libc.prctl(38,1,0,0,0)==0\nclass F(ctypes.Structure): _fields_=[('n',ctypes.c_ushort),('p',ctypes.c_void_p)]\nb=ctypes.create_string_buffer(bytes([6,0,0,0,0,0,255,127])); f=F(1,ctypes.addressof(b)); ok=ok and libc.prctl(22,2,ctypes.byref(f))==0; time.sleep(1.5)",
    /^may not make every system call \(seccomp\)$/,
  ],
];

async function run(body: string) {
  const folder = setting.folder();
  write(folder, "case.py", `${PYTHON}${body}\nprint("right" if ok else "wrong", flush=True)\nos._exit(3)\n`);
  const { ended } = setting.start("exec python3 case.py", folder);
  const pid = await setting.find(/python3? case\.py$/);
  await Bun.sleep(900);
  return { state: await setting.pair.move(pid), ...(await ended) };
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
