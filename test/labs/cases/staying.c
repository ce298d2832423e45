/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What keeps a process at home. */
#include "cases.h"
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/io_uring.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int listener(struct sockaddr_in *address)
{
	socklen_t size = sizeof *address;
	int server = socket(AF_INET, SOCK_STREAM, 0);

	*address = (struct sockaddr_in){ .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	if (bind(server, (struct sockaddr *)address, size) != 0 || listen(server, 1) != 0)
		return -1;
	return getsockname(server, (struct sockaddr *)address, &size) == 0 ? server : -1;
}

static bool passes(int from, int to)
{
	char byte = 0;

	return write(from, "x", 1) == 1 && read(to, &byte, 1) == 1 && byte == 'x';
}

static bool connection(void)
{
	struct sockaddr_in address;
	int server = listener(&address), client = socket(AF_INET, SOCK_STREAM, 0);

	if (connect(client, (struct sockaddr *)&address, sizeof address) != 0)
		return false;
	int other = accept(server, NULL, NULL);
	nap();
	return passes(client, other);
}

static bool listening(void)
{
	struct sockaddr_in address;
	int server = listener(&address), client = socket(AF_INET, SOCK_STREAM, 0);

	nap();
	if (connect(client, (struct sockaddr *)&address, sizeof address) != 0)
		return false;
	return passes(client, accept(server, NULL, NULL));
}

static bool udp(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof address;
	int one = socket(AF_INET, SOCK_DGRAM, 0);

	if (bind(one, (struct sockaddr *)&address, size) != 0 ||
	    getsockname(one, (struct sockaddr *)&address, &size) != 0)
		return false;
	nap();
	return connect(one, (struct sockaddr *)&address, size) == 0 && passes(one, one);
}

/* Data are in flight. */
static bool pair(void)
{
	char text[5] = "";
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0 || write(ends[0], "kept", 4) != 4)
		return false;
	nap();
	return read(ends[1], text, 4) == 4 && strcmp(text, "kept") == 0;
}

static bool sysv(void)
{
	int id = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);
	char *memory = shmat(id, NULL, 0);

	if (shmctl(id, IPC_RMID, NULL) != 0)
		return false;
	memory[0] = 7;
	nap();
	return memory[0] == 7;
}

static bool is_locked(int operation)
{
	int file = open("lock", O_RDWR | O_CREAT, 0600);

	return (operation == LOCK_EX ? flock(file, LOCK_EX) : lockf(file, F_LOCK, 0)) == 0;
}

static bool lock(void)
{
	if (!is_locked(LOCK_EX))
		return false;
	nap();
	return flock(open("lock", O_RDWR), LOCK_EX | LOCK_NB) != 0;
}

static bool range(void)
{
	if (!is_locked(0))
		return false;
	nap();
	return true;
}

static bool device(void)
{
	int file = open("/dev/fuse", O_RDONLY);

	nap();
	return file >= 0 && fcntl(file, F_GETFD) == 0;
}

static bool inotify(void)
{
	char events[4096];
	int watch = inotify_init1(0);

	if (inotify_add_watch(watch, ".", IN_CREATE) < 0)
		return false;
	nap();
	return open("new", O_WRONLY | O_CREAT, 0600) >= 0 && read(watch, events, sizeof events) > 16;
}

static bool uring(void)
{
	struct io_uring_params setting = { 0 };
	int ring = syscall(SYS_io_uring_setup, 4, &setting);

	nap();
	return ring >= 0 && fcntl(ring, F_GETFD) >= 0;
}

static bool pidfd(void)
{
	int parent = syscall(SYS_pidfd_open, getppid(), 0);

	nap();
	return parent >= 0 && syscall(SYS_pidfd_send_signal, parent, 0, NULL, 0) == 0;
}

static bool fifo(void)
{
	if (mkfifo("fifo", 0600) != 0)
		return false;
	int file = open("fifo", O_RDWR);
	nap();
	return passes(file, file);
}

static bool namespaces(void)
{
	if (unshare(CLONE_NEWUTS) != 0)
		return false;
	nap();
	return true;
}

/* The filter allows all. */
static bool filter(void)
{
	struct sock_filter rule = { BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW };
	struct sock_fprog program = { 1, &rule };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
		return false;
	nap();
	return true;
}

static bool traced(void)
{
	char byte = 0;
	int ends[2];

	if (pipe(ends) != 0)
		return false;
	pid_t child = fork();
	if (child == 0) {
		if (ptrace(PTRACE_SEIZE, getppid(), 0, 0) != 0 || write(ends[1], "x", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	close(ends[1]);
	if (read(ends[0], &byte, 1) != 1)
		return false;
	nap();
	return kill(child, SIGKILL) == 0 && waitpid(child, NULL, 0) == child;
}

const struct one_case STAYING[] = {
	{ "connection", connection }, { "listening", listening }, { "udp", udp }, { "pair", pair },
	{ "sysv", sysv }, { "lock", lock }, { "range", range }, { "device", device }, { "inotify", inotify },
	{ "uring", uring }, { "pidfd", pidfd }, { "fifo", fifo }, { "namespaces", namespaces },
	{ "filter", filter }, { "traced", traced }, { NULL, NULL },
};
