/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a process has, and takes along. */
#include "cases.h"
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum { PAGE = 4096 };

static bool holds(int file, const char *wanted)
{
	char text[64] = "";

	return pread(file, text, sizeof text - 1, 0) >= 0 && strcmp(text, wanted) == 0;
}

static bool pipes(void)
{
	int ends[2];
	char byte = 0;

	if (pipe(ends) != 0)
		return false;
	pid_t child = fork();
	if (child == 0) {
		nap();
		_exit(write(ends[1], "x", 1) == 1 ? 4 : 5);
	}
	return read(ends[0], &byte, 1) == 1 && byte == 'x' && ends_with(child, 4);
}

static bool zombie(void)
{
	pid_t child = fork();

	if (child == 0)
		_exit(4);
	nap();
	return ends_with(child, 4);
}

static bool session(void)
{
	pid_t child = fork();

	if (child == 0) {
		setsid();
		nap();
		_exit(getsid(0) == getpid() ? 5 : 6);
	}
	return ends_with(child, 5);
}

static bool unlinked(void)
{
	struct stat stat;
	int file = open("gone", O_RDWR | O_CREAT, 0600);

	if (write(file, "kept", 4) != 4 || unlink("gone") != 0)
		return false;
	nap();
	return holds(file, "kept") && fstat(file, &stat) == 0 && stat.st_nlink == 0;
}

static bool shared(void)
{
	volatile char *memory = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t child = fork();

	if (child == 0) {
		nap();
		memory[0] = 7;
		_exit(0);
	}
	return ends_with(child, 0) && memory[0] == 7;
}

static bool memfd(void)
{
	int file = memfd_create("m", 0);

	if (write(file, "kept", 4) != 4)
		return false;
	nap();
	return holds(file, "kept");
}

static bool shm(void)
{
	int file = open("/dev/shm/own", O_RDWR | O_CREAT, 0600);

	if (ftruncate(file, PAGE) != 0)
		return false;
	char *memory = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	strcpy(memory, "kept");
	nap();
	return strcmp(memory, "kept") == 0 && unlink("/dev/shm/own") == 0;
}

/* What it has written before is there, and home has what it writes afterwards. */
static bool mapped(void)
{
	int file = open("mapped", O_RDWR | O_CREAT, 0600);

	if (ftruncate(file, PAGE) != 0)
		return false;
	char *memory = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	strcpy(memory, "before");
	if (msync(memory, PAGE, MS_SYNC) != 0)
		return false;
	nap();
	if (strcmp(memory, "before") != 0)
		return false;
	strcpy(memory, "after");
	return msync(memory, PAGE, MS_SYNC) == 0 && holds(file, "after");
}

static volatile sig_atomic_t alarms;

static void count(int signal)
{
	(void)signal;
	alarms++;
}

static bool timer(void)
{
	struct itimerval tenth = { { 0, 100000 }, { 0, 100000 } };

	signal(SIGALRM, count);
	setitimer(ITIMER_REAL, &tenth, NULL);
	nap();
	for (int before = alarms; alarms < before + 3;)
		pause();
	return true;
}

static void *wake(void *end)
{
	nap();
	return write(*(int *)end, "x", 1) == 1 ? end : NULL;
}

static bool epoll(void)
{
	int ends[2], waiter = epoll_create1(0);
	struct epoll_event wanted = { EPOLLIN, { .fd = 77 } }, got = { 0 };
	pthread_t thread;
	void *result = NULL;

	if (pipe(ends) != 0 || epoll_ctl(waiter, EPOLL_CTL_ADD, ends[0], &wanted) != 0)
		return false;
	pthread_create(&thread, NULL, wake, &ends[1]);
	while (epoll_wait(waiter, &got, 1, -1) < 0)
		;
	pthread_join(thread, &result);
	return got.data.fd == 77 && result != NULL;
}

static bool descriptors(void)
{
	int timer = timerfd_create(CLOCK_MONOTONIC, 0), event = eventfd(5, 0);
	struct itimerspec once = { { 0, 0 }, { 1, 0 } };
	struct signalfd_siginfo info;
	uint64_t count = 0, sum = 0;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	int signals = signalfd(-1, &set, 0);
	timerfd_settime(timer, 0, &once, NULL);
	nap();
	kill(getpid(), SIGUSR1);
	return read(timer, &count, 8) == 8 && count == 1 && read(event, &sum, 8) == 8 && sum == 5 &&
	       read(signals, &info, sizeof info) == sizeof info && info.ssi_signo == SIGUSR1;
}

static bool locked(void)
{
	char *memory = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	memory[0] = 7;
	if (mlock(memory, PAGE) != 0)
		return false;
	nap();
	return memory[0] == 7;
}

const struct one_case MOVING[] = {
	{ "pipes", pipes }, { "zombie", zombie }, { "session", session }, { "unlinked", unlinked },
	{ "shared", shared }, { "memfd", memfd }, { "shm", shm }, { "mapped", mapped }, { "timer", timer },
	{ "epoll", epoll }, { "descriptors", descriptors }, { "locked", locked }, { NULL, NULL },
};
