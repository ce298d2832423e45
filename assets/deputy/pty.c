/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Runs a program on a pseudo-terminal, and relays it to the terminal on standard input, as xterm(1) does for a window.
 * criu(8) cannot dump a process whose terminal is a console or a serial line; on a pseudo-terminal it can.
 *
 *     clump-pty PROGRAM [ARGUMENT...]
 */
#include "programs.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

enum { CANNOT_RUN = 127, ROOM = 4096 };
/* Milliseconds: for a program that was hung up on, and for a terminal that takes no more bytes. */
enum { GRACE = 1000, LAST_BYTES = 500 };
/* Bytes of output that are still shown once the program has ended; its children may write on. */
enum { MOST_LAST = 65536 };

struct flow {
	int from, to;
	bool ended;
	ssize_t start, end;		/* of `bytes`: what has been read and not written */
	char bytes[ROOM];
};

struct relay {
	pid_t child;
	int signals;
	struct winsize size;
	struct flow in, out;
};

static bool same_size(const struct winsize *a, const struct winsize *b)
{
	return a->ws_row == b->ws_row && a->ws_col == b->ws_col;
}

/* A size that was changed at one end, as by stty(1) at the inner one, becomes that of the other. */
static void match_sizes(struct relay *relay)
{
	struct winsize outer, inner;

	if (ioctl(relay->in.from, TIOCGWINSZ, &outer) < 0 || ioctl(relay->in.to, TIOCGWINSZ, &inner) < 0)
		return;
	if (!same_size(&outer, &relay->size))
		ioctl(relay->in.to, TIOCSWINSZ, &outer);
	else if (!same_size(&inner, &relay->size))
		ioctl(relay->in.from, TIOCSWINSZ, &inner);
	ioctl(relay->in.from, TIOCGWINSZ, &relay->size);
}

static bool is_empty(const struct flow *flow)
{
	return flow->start == flow->end;
}

/* Descriptors do not block: an end that is not ready gives or takes nothing. Gives the number of bytes written. */
static ssize_t move_bytes(struct flow *flow)
{
	if (is_empty(flow)) {
		ssize_t count = read(flow->from, flow->bytes, sizeof flow->bytes);

		/* The last close of a pseudo-terminal's other end, and the loss of a line, read as EIO. */
		if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR))
			flow->ended = true;
		flow->start = 0;
		flow->end = count > 0 ? count : 0;
	}
	if (is_empty(flow))
		return 0;
	ssize_t count = write(flow->to, flow->bytes + flow->start, flow->end - flow->start);
	if (count > 0)
		flow->start += count;
	else if (count < 0 && errno != EAGAIN && errno != EINTR)
		flow->start = flow->end;	/* Nobody is there any more to take them. */
	return count > 0 ? count : 0;
}

/* Relays until a signal comes or an end is gone. Gives the signal, or 0. */
static int relay_bytes(struct relay *relay)
{
	struct flow *in = &relay->in, *out = &relay->out;

	while (!in->ended && !out->ended) {
		struct pollfd fds[] = {
			{ .fd = relay->signals, .events = POLLIN },
			{ .fd = in->from, .events = (is_empty(in) ? POLLIN : 0) | (is_empty(out) ? 0 : POLLOUT) },
			{ .fd = in->to, .events = (is_empty(out) ? POLLIN : 0) | (is_empty(in) ? 0 : POLLOUT) },
		};
		struct signalfd_siginfo signal;

		/* An end of which nothing is awaited would say again and again that it is gone. */
		for (int i = 1; i < 3; i++)
			if (fds[i].events == 0)
				fds[i].fd = -1;
		if (poll(fds, 3, -1) < 0)
			continue;
		match_sizes(relay);
		if (fds[0].revents && read(relay->signals, &signal, sizeof signal) == sizeof signal
		    && signal.ssi_signo != SIGWINCH)
			return signal.ssi_signo;
		if (fds[1].revents || fds[2].revents) {
			move_bytes(in);
			move_bytes(out);
		}
	}
	return 0;
}

/* Shows what the program wrote before its end. */
static void show_rest(struct relay *relay)
{
	struct flow *out = &relay->out;
	struct pollfd terminal = { .fd = out->to, .events = POLLOUT };

	for (ssize_t shown = 0; shown < MOST_LAST && poll(&terminal, 1, LAST_BYTES) == 1;) {
		shown += move_bytes(out);
		if (out->ended || out->end == 0)
			return;
	}
}

/* Whether the program has ended within the time. */
static bool ends_within(const struct relay *relay, int milliseconds, int *status)
{
	struct pollfd ended = { .fd = relay->signals, .events = POLLIN };
	struct signalfd_siginfo signal;

	while (waitpid(relay->child, status, WNOHANG) != relay->child) {
		if (poll(&ended, 1, milliseconds) == 0)
			return false;
		if (read(relay->signals, &signal, sizeof signal) < 0 && errno != EINTR)
			return false;
	}
	return true;
}

/* Relays to the end of the program; gives its wait status. */
static int relay_program(struct relay *relay)
{
	int status;

	while (relay_bytes(relay) == SIGCHLD) {
		if (waitpid(relay->child, &status, WNOHANG) == relay->child) {
			show_rest(relay);
			return status;
		}
	}
	/* A program that has closed its terminal is about to end, and ends by itself. */
	if (relay->out.ended && ends_within(relay, GRACE, &status))
		return status;
	/* The terminal is gone, or this process is to end: closing the pseudo-terminal hangs up on the program. */
	close(relay->in.to);
	if (!ends_within(relay, GRACE, &status)) {
		kill(relay->child, SIGKILL);
		waitpid(relay->child, &status, 0);
	}
	return status;
}

/* Without a pseudo-terminal, as when nothing is mounted yet, a shell on the terminal itself is better than none. */
static int run_here(char **argv)
{
	fprintf(stderr, "Cannot open a pseudo-terminal: %s, running %s without one\n", strerror(errno), argv[0]);
	setsid();
	ioctl(0, TIOCSCTTY, 1);
	execvp(argv[0], argv);
	fprintf(stderr, "Cannot start %s: %s\n", argv[0], strerror(errno));
	return CANNOT_RUN;
}

/* Ends as the program did. */
static int end_as(int status)
{
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
	sigset_t one;
	sigemptyset(&one);
	sigaddset(&one, WTERMSIG(status));
	signal(WTERMSIG(status), SIG_DFL);
	raise(WTERMSIG(status));
	sigprocmask(SIG_UNBLOCK, &one, NULL);
	return 128 + WTERMSIG(status);
}

/* What a new terminal has: a program before may have been killed in the raw mode of this one. */
static struct termios cooked(struct termios mode)
{
	if (mode.c_lflag & ICANON)
		return mode;
	mode.c_iflag |= ICRNL | IXON;
	mode.c_oflag |= OPOST | ONLCR;
	mode.c_lflag |= ISIG | ICANON | IEXTEN | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE;
	return mode;
}

int run_pty(int argc, char **argv)
{
	static const int caught[] = { SIGCHLD, SIGWINCH, SIGHUP, SIGTERM, SIGINT, SIGQUIT };
	static struct relay relay;
	struct termios before;
	sigset_t signals, former;
	int master;

	if (argc < 2) {
		fprintf(stderr, "Usage: clump-pty PROGRAM [ARGUMENT...]\n");
		return 64;
	}
	if (tcgetattr(0, &before) < 0 || ioctl(0, TIOCGWINSZ, &relay.size) < 0) {
		fprintf(stderr, "Cannot relay standard input: %s, and a terminal was wanted\n", strerror(errno));
		return 64;
	}
	/* A description of our own: the one that we were given is shared, and must go on to block. */
	int terminal = open("/proc/self/fd/0", O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (terminal < 0)
		return run_here(argv + 1);
	sigemptyset(&signals);
	for (unsigned i = 0; i < sizeof caught / sizeof *caught; i++)
		sigaddset(&signals, caught[i]);
	sigprocmask(SIG_BLOCK, &signals, &former);
	relay.signals = signalfd(-1, &signals, SFD_CLOEXEC);
	/* A parent that was killed starts anew and reads the terminal itself: two readers would share the keys. */
	prctl(PR_SET_PDEATHSIG, SIGHUP);
	struct termios inner = cooked(before), raw = before;
	relay.child = forkpty(&master, NULL, &inner, &relay.size);
	if (relay.child < 0) {
		sigprocmask(SIG_SETMASK, &former, NULL);
		return run_here(argv + 1);
	}
	if (relay.child == 0) {
		sigprocmask(SIG_SETMASK, &former, NULL);
		execvp(argv[1], argv + 1);
		fprintf(stderr, "Cannot start %s: %s\n", argv[1], strerror(errno));
		_exit(CANNOT_RUN);
	}
	signal(SIGTSTP, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	fcntl(master, F_SETFD, FD_CLOEXEC);
	fcntl(master, F_SETFL, O_RDWR | O_NONBLOCK);
	cfmakeraw(&raw);
	tcsetattr(terminal, TCSANOW, &raw);
	relay.in.from = relay.out.to = terminal;
	relay.in.to = relay.out.from = master;
	int status = relay_program(&relay);
	tcsetattr(terminal, TCSANOW, &before);
	return end_as(status);
}
