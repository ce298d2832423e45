/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The namespace of a guest. Shadows stand in it for the processes at home that the guest knows by number: the leader of
 * its session, the leader of its group and its parent. So getppid(2), getsid(2) and getpgrp(2) answer as at home, and
 * its group is not orphaned, without which Ctrl-Z would do nothing. Process 1 and what is outside of the namespace of
 * home, which is 0 there, have no shadow: a container starts programs in such a session and group.
 */
#include "guest.h"
#include "programs.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>


static int reports_end;

static void report(int kind, int value)
{
	struct report message = { kind, value };

	if (write(reports_end, &message, sizeof message) < 0)
		_exit(1);
}

static _Noreturn void fail(int step)
{
	report(FAILED, step << 16 | errno);
	_exit(1);
}

static void set_last_pid(int last)
{
	FILE *file = fopen("/proc/sys/kernel/ns_last_pid", "w");

	if (file == NULL || fprintf(file, "%d", last) < 0 || fclose(file) != 0)
		fail(1);
}

/* A fork whose child has that number in this namespace. */
static pid_t fork_as(pid_t number)
{
	set_last_pid(number - 1);
	pid_t child = fork();

	if (child == 0 && getpid() != number)
		fail(2);
	return child;
}

void close_inner(struct guest *guest)
{
	for (int index = 0; index < guest->relayed_count; index++) {
		if (guest->relayed[index].inner >= 0)
			close(guest->relayed[index].inner);
		guest->relayed[index].inner = -1;
	}
	if (guest->slave >= 0)
		close(guest->slave);
	guest->slave = -1;
}

static void take_terminal(int fd)
{
	for (int number = 0; number < 3; number++)
		dup2(fd, number);
}

static void take_null(void)
{
	int null = open("/dev/null", O_RDWR);

	take_terminal(null);
	if (null > 2)
		close(null);
}

/* A signal that the guest sends to its group, its parent or the leader of its session must not end their shadows. */
static void dispose_signals(void (*disposition)(int))
{
	for (int number = 1; number < NSIG; number++)
		if (number != SIGCHLD)
			signal(number, disposition);
}

static _Noreturn void shadow(struct guest *guest)
{
	close_inner(guest);
	take_null();
	for (;;)
		pause();
}

static void lead_session(struct guest *guest)
{
	setsid();
	if (guest->slave < 0)
		return;
	ioctl(guest->slave, TIOCSCTTY, 0);
}

/* A group of process 1, or of a process outside of home's namespace, is that of the parent here. */
static bool has_own_group(const struct guest *guest)
{
	return guest->group > 1 && guest->group != guest->pid && guest->group != getpgrp();
}

/* A number that no process of the guest has: its children have numbers near its own. */
static pid_t far_from(pid_t pid)
{
	return pid < 10000 ? 20000 : 2;
}

/* Beyond the shadows. */
enum { CRIU_DISTANCE = 100 };

struct criu {
	pid_t pid;
	int options;			/* the end of a pipe: closed, criu begins */
};

/*
 * Starts criu(8), which waits where it reads its options from a pipe, and goes on when that is closed: what it loads at its
 * start takes longer than the rest of the process's way into a small guest, and the images may still be on their way.
 */
static struct criu start_criu(struct guest *guest)
{
	char inherited[MOST_RELAYED][160], options[32];
	char *arguments[2 * MOST_RELAYED + 20];
	int count = 0, ends[2];
	char *fixed[] = { (char *)guest->criu, "restore", "-D", (char *)guest->images, "-d", "--restore-sibling", "-j",
		"-o", "restore.log", "-v2", "--manage-cgroups=ignore", "--file-locks", "--action-script",
		(char *)guest->gate, "--config", options };

	if (pipe2(ends, O_CLOEXEC) < 0)
		fail(14);
	for (int index = 0; index < 2; index++)
		ends[index] = own_descriptor(ends[index]);
	snprintf(options, sizeof options, "/proc/self/fd/%d", ends[0]);

	for (unsigned index = 0; index < sizeof fixed / sizeof *fixed; index++)
		arguments[count++] = fixed[index];
	for (int index = 0; index < guest->relayed_count; index++) {
		const struct relayed *relayed = &guest->relayed[index];

		snprintf(inherited[index], sizeof *inherited, "fd[%d]:%s", relayed->inner, relayed->key);
		arguments[count++] = "--inherit-fd";
		arguments[count++] = inherited[index];
	}
	arguments[count] = NULL;
	pid_t child = fork();
	if (child != 0) {
		close(ends[0]);
		return (struct criu){ child, ends[1] };
	}
	fcntl(ends[0], F_SETFD, 0);
	/* criu gives its own group to the body; a parent that leads the session cannot join another one. */
	if (has_own_group(guest) && setpgid(0, guest->group) < 0)
		fail(13);
	for (int index = 0; index < guest->relayed_count; index++)
		fcntl(guest->relayed[index].inner, F_SETFD, 0);
	if (guest->slave >= 0)
		take_terminal(guest->slave);
	else
		take_null();
	dispose_signals(SIG_DFL);
	/* criu waits for its children. */
	signal(SIGCHLD, SIG_DFL);
	if (has_own_root(guest))
		setenv(LIMITED, "yes", 1);
	/* Some hypervisors let no breakpoint through: criu is to stop the guest at a system call. criu.ts tells more. */
	setenv("CRIU_FAULT", "130", 1);
	/* Connections of its own, for which criu has GnuTLS, moves have none of: its start takes milliseconds. */
	setenv("GNUTLS_NO_IMPLICIT_INIT", "1", 1);
	execv(arguments[0], arguments);
	_exit(127);
}

/*
 * Home decides which group is in the foreground of the terminal. Here it is the guest's, unless a group within its tree
 * was: a shell's or another job's would keep the guest from its terminal for ever.
 */
static void give_foreground(const struct guest *guest)
{
	pid_t foreground = guest->slave < 0 ? -1 : tcgetpgrp(guest->slave);

	if (guest->slave >= 0 && (foreground <= 0 || foreground == getsid(0) || foreground == getpgrp()))
		tcsetpgrp(guest->slave, getpgid(guest->pid));
}

static void report_change(int status)
{
	if (WIFSTOPPED(status))
		report(STOPPED, WSTOPSIG(status));
	else if (!WIFCONTINUED(status))
		report(ENDED, status);
}

static const char *passed_mark(const struct guest *guest)
{
	static char path[4096];

	snprintf(path, sizeof path, "%s/" PASSED_MARK, guest->images);
	return path;
}

/* The gate may run on behind its criu: where this is asked before it has made the mark, it cannot make it any more. */
static bool has_passed(const struct guest *guest)
{
	int file = open(passed_mark(guest), O_WRONLY | O_CREAT | O_EXCL, 0600);

	if (file < 0)
		return errno == EEXIST;
	close(file);
	return false;
}

/* The images may be on their way while the namespace is made. Gives the number above which pids are free. */
static pid_t await_images(void)
{
	char line[16] = "";
	ssize_t length;

	do
		length = read(STDIN_FILENO, line, sizeof line - 1);
	while (length < 0 && errno == EINTR);
	/* The daemon that was taking them is gone. */
	if (length <= 0 || atoi(line) <= 0)
		fail(11);
	return atoi(line);
}

/* The group of the body, where the body does not lead it: this process leads it, or the shadow of a child that does. */
static void start_group(struct guest *guest)
{
	pid_t leader = 0;

	if (!has_own_group(guest))
		return;
	if (guest->group != getpid() && (leader = fork_as(guest->group)) == 0)
		shadow(guest);
	/* By this process, as shells do: the group is there when criu joins it. */
	if (setpgid(leader, 0) < 0)
		fail(12);
}

/* Whether a process or thread of the images has that number: criu(8) writes an image "core-PID.img" for each. */
static bool is_taken(const struct guest *guest, pid_t number)
{
	char path[4096];

	snprintf(path, sizeof path, "%s/core-%d.img", guest->images, number);
	return access(path, F_OK) == 0;
}

/* Lets criu(8) restore the images that are whole now; gives its number. */
static pid_t go_on(struct guest *guest, struct criu criu, int quiet)
{
	set_last_pid(quiet);
	/* Of a restoring before this one, which has been given up. */
	unlink(passed_mark(guest));
	bool has_ended = waitpid(criu.pid, NULL, WNOHANG) == criu.pid;
	if (has_ended || is_taken(guest, criu.pid)) {
		if (!has_ended && kill(criu.pid, SIGKILL) == 0)
			waitpid(criu.pid, NULL, 0);
		close(criu.options);
		criu = start_criu(guest);
	}
	close(criu.options);
	return criu.pid;
}

/* Restores the body as a child of this process, and waits for it. */
static _Noreturn void restore(struct guest *guest)
{
	int status, early = -1;
	pid_t ended;

	start_group(guest);
	set_last_pid(far_from(guest->pid) + CRIU_DISTANCE);
	struct criu waiting = start_criu(guest);
	int quiet = await_images();
	report(BEGUN, 0);
	pid_t criu = go_on(guest, waiting, quiet);
	while ((ended = waitpid(-1, &status, 0)) != criu)
		if (ended == guest->pid)
			early = status;
	if ((!WIFEXITED(status) || WEXITSTATUS(status) != 0) && !has_passed(guest))
		fail(WIFEXITED(status) ? 3 : CRIU_KILLED);
	give_foreground(guest);
	close_inner(guest);
	take_null();
	report(RESTORED, 0);
	if (early != -1)
		report(ENDED, early);
	while ((ended = waitpid(-1, &status, WUNTRACED | WCONTINUED)) > 0)
		if (ended == guest->pid)
			report_change(status);
	for (;;)
		pause();
}

/* The leader of the session, and below it the parent of the body. A body that leads its session restores it itself. */
static void start_shadows(struct guest *guest)
{
	pid_t leader = guest->session != guest->pid ? guest->session : guest->parent;

	if (leader <= 1)
		leader = guest->parent > 1 ? guest->parent : far_from(guest->pid);
	if (fork_as(leader) != 0)
		return;
	/* They change groups in the background, and stay when the terminal goes. */
	dispose_signals(SIG_IGN);
	lead_session(guest);
	if (guest->parent == leader || guest->parent <= 1)
		restore(guest);
	if (fork_as(guest->parent) == 0)
		restore(guest);
	shadow(guest);
}

/* criu knows the mounts of the guest's own namespace alone: the terminal must be open by one of these. */
static void reopen_terminal(const struct guest *guest)
{
	char path[32];

	if (guest->slave < 0)
		return;
	snprintf(path, sizeof path, "/dev/pts/%d", guest->slave_number);
	int fd = open(path, O_RDWR | O_NOCTTY);
	if (fd < 0 || dup3(fd, guest->slave, O_CLOEXEC) < 0)
		fail(10);
	close(fd);
}

/* The first process of a namespace has the parent 0: that nobody reads its reports shows that the supervisor has ended. */
static bool has_supervisor(void)
{
	struct pollfd polled = { reports_end, 0, 0 };

	return poll(&polled, 1, 0) == 0;
}

static _Noreturn void run_init(struct guest *guest)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* One that was killed before that has sent no signal. */
	if (!has_supervisor())
		_exit(1);
	if (unshare(CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC) < 0 ||
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		fail(6);
	int step = enter_root(guest);
	if (step != 0)
		fail(step);
	reopen_terminal(guest);
	start_shadows(guest);
	close_inner(guest);
	take_null();
	/* Where the guest has killed its group with SIGKILL, its parent's shadow is gone, and it has come here. */
	for (;;) {
		int status;
		pid_t ended = wait(&status);

		if (ended == guest->pid)
			report(ENDED, status);
		else if (ended < 0)
			pause();
	}
}

pid_t start_namespace(struct guest *guest, int reports)
{
	reports_end = reports;
	if (unshare(CLONE_NEWPID) < 0)
		return -1;
	pid_t init = fork();
	if (init != 0)
		return init;
	close(guest->reports);
	for (int index = 0; index < guest->relayed_count; index++)
		close(guest->relayed[index].outer);
	if (guest->master >= 0)
		close(guest->master);
	run_init(guest);
}
