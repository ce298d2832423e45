/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * mosrun of openMosix: runs a program on another node, or with a wish about its moves. The process moves before it runs
 * the program, so that the program begins where it was wished. What the options mean is the daemon's business: clumpjobs
 * gets them in one line, and answers with "run"; with "wait", where it moves the process and then sends SIGUSR1, or
 * SIGUSR2 where that has failed; or with "fail" and a line for the person.
 *
 * Exit code: the program's; 1 where it did not run, as openMosix has it; 126 and 127 as those of env(1).
 */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define DAEMON "/run/clump/jobs/commands"
enum { LINE_ROOM = 1024, MOVE_SECONDS = 60 };

/* The options that a number follows as a word of its own. */
static bool takes_number(const char *option)
{
	size_t length = strlen(option);

	return option[1] != '-' && length > 1 && (option[length - 1] == 'd' || option[length - 1] == 't');
}

static int find_program(int argc, char **argv)
{
	int index = 1;

	while (index < argc && argv[index][0] == '-')
		index += takes_number(argv[index]) ? 2 : 1;
	return index < argc ? index : argc;
}

static bool has_option(char **argv, int end, char letter)
{
	for (int index = 1; index < end; index++)
		if (argv[index][0] == '-' && argv[index][1] != '-' && strchr(argv[index], letter) != NULL)
			return true;
	return false;
}

/* One line with the options; a character that no option has becomes a question mark, which the daemon refuses. */
static int format_request(char *line, char **argv, int end)
{
	int length = snprintf(line, LINE_ROOM, "mosrun");

	for (int index = 1; index < end; index++) {
		if (length + strlen(argv[index]) + 3 > LINE_ROOM)
			return -1;
		line[length++] = ' ';
		for (const char *at = argv[index]; *at; at++)
			line[length++] = *at > ' ' && *at < 127 ? *at : '?';
	}
	line[length++] = '\n';
	return length;
}

/* Without a daemon the program runs, as openMosix's mosrun did on another kernel. */
static void ask(char *line, int length)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const char *path = getenv("CLUMP_COMMANDS");
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), filled = 0;
	ssize_t count;

	snprintf(address.sun_path, sizeof address.sun_path, "%s", path ? path : DAEMON);
	if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0 ||
	    send(fd, line, length, MSG_NOSIGNAL) != length)
		filled = snprintf(line, LINE_ROOM, "run\n");
	else
		while (filled < LINE_ROOM - 1 && (count = read(fd, line + filled, LINE_ROOM - 1 - filled)) > 0)
			filled += count;
	close(fd);
	line[filled] = 0;
	line[strcspn(line, "\n")] = 0;
}

/* Whether the move has succeeded. The process is moved while it waits here. */
static bool wait_for_move(const sigset_t *answers)
{
	struct timespec nap = { .tv_sec = 1 };
	int number = -1;

	/* In naps: an image of this moment may be restored an hour later. EINTR: it was frozen, or has been restored. */
	for (int naps = 0; number < 0 && naps < MOVE_SECONDS; naps++)
		number = sigtimedwait(answers, NULL, &nap);
	return number == SIGUSR1;
}

int main(int argc, char **argv)
{
	int program = find_program(argc, argv), arguments = program;
	char line[LINE_ROOM];
	sigset_t answers, before;

	if (argc > 1 && strcmp(argv[1], "--help") == 0)
		execl("/usr/bin/clump", "clump", "help", "mosrun", (char *)NULL);
	/* As inetd(8) has it: the word behind the program is what the program is called. */
	if (has_option(argv, program, 'z') || has_option(argv, program, 'Z'))
		arguments++;
	if (program >= argc || arguments >= argc) {
		fprintf(stderr, "mosrun: Cannot run nothing: a program was wanted behind the options\n");
		return 1;
	}
	int length = format_request(line, argv, program);
	if (length < 0) {
		fprintf(stderr, "mosrun: Cannot use so many options: %d bytes were wanted at most\n", LINE_ROOM);
		return 1;
	}
	sigemptyset(&answers);
	sigaddset(&answers, SIGUSR1);
	sigaddset(&answers, SIGUSR2);
	sigprocmask(SIG_BLOCK, &answers, &before);
	ask(line, length);
	if (strncmp(line, "fail ", 5) == 0) {
		fprintf(stderr, "%s\n", line + 5);
		return 1;
	}
	const char *name = strrchr(argv[program], '/');
	/* What waits has the name of the program already: its deputy keeps the name. */
	prctl(PR_SET_NAME, name ? name + 1 : argv[program]);
	if (strcmp(line, "wait") == 0 && !wait_for_move(&answers)) {
		fprintf(stderr, "Migration Failed\n");
		return 1;
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	execvp(argv[program], argv + arguments);
	fprintf(stderr, "mosrun: Cannot run %s: %s\n", argv[program], strerror(errno));
	return errno == ENOENT ? 127 : 126;
}
