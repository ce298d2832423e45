/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * `clump-wake`: what a node holds for moves until somebody needs them. It waits for the first visitor at the door of the
 * tunnel, the first command, and the first look at a node below /mfs; then it starts the daemon of moves, which gets
 * the listening sockets with whoever waits at them. Where moves were used before, the daemon starts at once.
 *
 * Arguments: mfs=FOLDER port=N door=N commands=PATH used=PATH ready=N, and "--" with the daemon's command. `port` is that
 * of the servers of files, `used` is there once a daemon has run, and `ready` is a descriptor for a newline. The
 * command gets "--mfs" (mfs.h) with the questions on its standard input and its answers on its standard output; and
 * "--door N --commands N", the sockets, or "--ready-fd N". Without a command this program speaks mfs.h itself.
 *
 * It ends as the daemon ends, and takes the daemon with it. Exit code: the daemon's.
 */
#include "files.h"
#include "mfs.h"
#include "../deputy/programs.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BACKLOG = 64, MOST_WORDS = 32, NUMBER = 12 };
/* As cluster/jobs/serve.ts has it. */
enum { DAEMON_PRIORITY = -10 };

struct wake {
	struct mfs mfs;
	const char *door, *commands, *used, *ready;
	int door_socket, commands_socket;	/* -1 while the daemon runs */
	int signals;
	char *command[MOST_WORDS];
	int words;
	pid_t daemon;				/* 0 until it runs */
};

static void complain(const char *what, const char *which)
{
	const char *why = strerror(errno);
	FILE *log = fopen("/dev/kmsg", "w");

	fprintf(stderr, "Cannot %s %s: %s\n", what, which, why);
	if (log == NULL)
		return;
	fprintf(log, "<4>clump-wake: Cannot %s %s: %s", what, which, why);
	fclose(log);
}

/* On every address: the node may have none yet, or get another. The daemon turns visitors of other addresses away. */
static int listen_on_port(const char *port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(atoi(port)) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), one = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0 || listen(fd, BACKLOG) < 0)
		return -1;
	return fd;
}

/* For all users, in a folder where the daemon keeps more. */
static int listen_on_path(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	char folder[sizeof address.sun_path];

	snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
	snprintf(folder, sizeof folder, "%s", path);
	mkdir(dirname(folder), 0711);
	unlink(path);
	if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0 || chmod(path, 0666) < 0 || listen(fd, BACKLOG) < 0)
		return -1;
	return fd;
}

static bool open_sockets(struct wake *wake)
{
	wake->door_socket = listen_on_port(wake->door);
	if (wake->door_socket < 0)
		return complain("open the door of the tunnel on port", wake->door), false;
	wake->commands_socket = listen_on_path(wake->commands);
	if (wake->commands_socket < 0)
		return complain("listen on", wake->commands), false;
	return true;
}

static void add_number(struct wake *wake, const char *option, char *text, int number)
{
	snprintf(text, NUMBER, "%d", number);
	wake->command[wake->words++] = (char *)option;
	wake->command[wake->words++] = text;
}

static _Noreturn void become_daemon(struct wake *wake, pid_t parent, int questions, int answers)
{
	char door[NUMBER], commands[NUMBER];

	/* A group of its own: mounts below /mfs are awaited by all but the group of this program. */
	setsid();
	/* Before its first step: on a node with 20 busy processes a program starts 20 times as slowly. */
	setpriority(PRIO_PROCESS, 0, DAEMON_PRIORITY);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	dup2(questions, 0);
	dup2(answers, 1);
	wake->command[wake->words++] = "--mfs";
	if (wake->door_socket >= 0) {
		fcntl(wake->door_socket, F_SETFD, 0);
		fcntl(wake->commands_socket, F_SETFD, 0);
		add_number(wake, "--door", door, wake->door_socket);
		add_number(wake, "--commands", commands, wake->commands_socket);
	} else if (wake->ready != NULL) {
		wake->command[wake->words++] = "--ready-fd";
		wake->command[wake->words++] = (char *)wake->ready;
	}
	signal(SIGHUP, SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	sigprocmask(SIG_SETMASK, &wake->mfs.signals, NULL);
	execv(*wake->command, wake->command);
	_exit(127);
}

static void close_socket(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static bool start_daemon(struct wake *wake)
{
	pid_t parent = getpid();
	int questions[2], answers[2];

	if (pipe2(questions, O_CLOEXEC) < 0 || pipe2(answers, O_CLOEXEC) < 0)
		return false;
	wake->daemon = fork();
	if (wake->daemon == 0)
		become_daemon(wake, parent, questions[0], answers[1]);
	close(questions[0]);
	close(answers[1]);
	wake->mfs.questions = questions[1];
	wake->mfs.answers = answers[0];
	close_socket(&wake->door_socket);
	close_socket(&wake->commands_socket);
	return wake->daemon > 0;
}

/* The other end of the descriptor waits for a newline, and for its end. */
static void report_ready(const struct wake *wake)
{
	if (wake->ready == NULL)
		return;
	if (wake->door_socket >= 0)
		dprintf(atoi(wake->ready), "\n");
	close(atoi(wake->ready));
}

static _Noreturn void end(const struct wake *wake, int code)
{
	int status;

	if (wake->daemon > 0 && kill(wake->daemon, SIGTERM) == 0)
		waitpid(wake->daemon, &status, 0);
	unmount_mfs(&wake->mfs);
	exit(code);
}

static void take_signal(struct wake *wake)
{
	struct signalfd_siginfo signal;
	int status;
	pid_t ended;

	if (read(wake->signals, &signal, sizeof signal) != sizeof signal)
		return;
	if (signal.ssi_signo != SIGCHLD)
		end(wake, 0);
	while ((ended = waitpid(-1, &status, WNOHANG)) > 0) {
		if (ended != wake->daemon)
			continue;
		wake->daemon = 0;
		end(wake, WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	}
}

static void serve(struct wake *wake)
{
	struct mfs *mfs = &wake->mfs;
	char line[GREETING_MOST], name[NAME_ROOM];

	for (;;) {
		struct pollfd polled[] = {
			{ wake->signals, POLLIN, 0 },
			{ mfs->answers, POLLIN, 0 },
			{ mfs->packets, POLLIN, 0 },
			{ wake->door_socket, POLLIN, 0 },
			{ wake->commands_socket, POLLIN, 0 },
		};

		if (poll(polled, sizeof polled / sizeof *polled, -1) < 0)
			continue;
		if (polled[0].revents)
			take_signal(wake);
		if (polled[1].revents && !read_line(mfs->answers, line)) {
			close_socket(&mfs->answers);
			/* The signal tells of a daemon's end. */
			if (wake->words == 0)
				end(wake, 0);
		} else if (polled[1].revents) {
			take_answer(mfs, line);
		}
		unsigned long token = polled[2].revents ? take_packet(mfs, name) : 0;
		bool is_needed = token != 0 || polled[3].revents || polled[4].revents;
		if (is_needed && wake->door_socket >= 0 && !start_daemon(wake)) {
			complain("start", *wake->command);
			end(wake, 1);
		}
		if (token != 0)
			ask_daemon(mfs, token, name);
	}
}

static bool read_argument(struct wake *wake, char *argument)
{
	const struct { const char *name; const char **text; } texts[] = {
		{ "mfs=", &wake->mfs.target }, { "port=", &wake->mfs.port }, { "door=", &wake->door },
		{ "commands=", &wake->commands }, { "used=", &wake->used }, { "ready=", &wake->ready },
	};

	for (unsigned index = 0; index < sizeof texts / sizeof *texts; index++)
		if (strncmp(argument, texts[index].name, strlen(texts[index].name)) == 0)
			return *texts[index].text = argument + strlen(texts[index].name), true;
	return false;
}

static bool read_arguments(struct wake *wake, int argc, char **argv)
{
	int index = 1;

	for (; index < argc && strcmp(argv[index], "--") != 0; index++)
		if (!read_argument(wake, argv[index])) {
			fprintf(stderr, "Cannot read %s: an argument like door=5432 was wanted\n", argv[index]);
			return false;
		}
	/* become_daemon() adds five words and the end. */
	if (argc - index > MOST_WORDS - 6) {
		fprintf(stderr, "Cannot take so long a command: %d words were wanted at most\n", MOST_WORDS - 7);
		return false;
	}
	for (index++; index < argc; index++)
		wake->command[wake->words++] = argv[index];
	return true;
}

static void take_signals(struct wake *wake)
{
	sigset_t taken;

	sigemptyset(&taken);
	sigaddset(&taken, SIGTERM);
	sigaddset(&taken, SIGINT);
	sigaddset(&taken, SIGCHLD);
	sigprocmask(SIG_BLOCK, &taken, &wake->mfs.signals);
	wake->signals = signalfd(-1, &taken, SFD_CLOEXEC);
	/* SIGHUP comes before SIGTERM, for shells. */
	signal(SIGHUP, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
}

int run_wake(int argc, char **argv)
{
	struct wake wake = { .mfs = { .target = "/mfs", .port = "5431", .questions = -1, .answers = -1 },
			     .door = "5432", .commands = "/run/clump/jobs/commands",
			     .used = "/run/clump/jobs/records", .door_socket = -1, .commands_socket = -1 };

	if (!read_arguments(&wake, argc, argv))
		return 64;
	setsid();
	take_signals(&wake);
	if (!mount_mfs(&wake.mfs)) {
		complain("mount", wake.mfs.target);
		/* A node whose files nobody sees still takes part in moves. */
		if (wake.words == 0)
			return 1;
	}
	if (wake.words == 0) {
		wake.mfs.questions = 1;
		wake.mfs.answers = 0;
		dprintf(1, "mounted\n");
	} else if (access(wake.used, F_OK) < 0 ? !open_sockets(&wake) : !start_daemon(&wake)) {
		end(&wake, 1);
	}
	report_ready(&wake);
	serve(&wake);
	return 0;
}
