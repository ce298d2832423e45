/** What case.c has: what a process may have or do, and whether it moves with that. */

const FOLDER = "test/labs/cases";

/** The sources of the program `case`. */
export const CASE_SOURCES = ["case", "moving", "working", "staying"].map((name) => `${FOLDER}/${name}.c`);

/** By name: each prints "right" after its move, and ends with 3. */
export const MOVING: Readonly<Record<string, string>> = {
  pipes: "a child with pipes",
  zombie: "a zombie child",
  session: "a child with a session of its own",
  unlinked: "an unlinked file",
  shared: "memory shared with a child",
  memfd: "a memfd",
  shm: "a file of its own in /dev/shm",
  mapped: "a file that it has mapped",
  timer: "an interval timer",
  epoll: "epoll and threads",
  descriptors: "timerfd, eventfd and signalfd",
  locked: "locked memory",
  program: "a program that it starts afterwards",
  threads: "threads that compute",
};

/** The reason why the process stays, where it prints "right" all the same. */
export const STAYING: Readonly<Record<string, readonly [what: string, reason: string]>> = {
  connection: ["a TCP connection", "uses a socket"],
  listening: ["a TCP socket that listens", "uses a socket"],
  udp: ["a UDP socket", "uses a socket"],
  pair: ["a pair of sockets with data in flight", "uses a socket"],
  sysv: ["memory of System V", "shares memory of System V (monkey)"],
  lock: ["a held lock", "holds a lock of "],
  range: ["a lock of a range", "holds a lock of "],
  device: ["a device", "uses the device /dev/fuse"],
  inotify: ["a watch of files", "uses inotify"],
  uring: ["io_uring", "uses io_uring"],
  pidfd: ["a pidfd", "uses pidfd"],
  fifo: ["a fifo", "uses the fifo "],
  namespaces: ["namespaces of its own", "has namespaces of its own (uts)"],
  filter: ["a filter of system calls", "may not make every system call (seccomp)"],
  traced: ["a tracer", "is traced by process"],
};
