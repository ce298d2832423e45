/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The deputy of a process that has moved to another node. The process itself becomes the deputy, by an execve that the
 * mover injects: pid, parent, group, session, terminal and descriptors stay, so that its shell sees the same process.
 * The deputy forwards signals and input to the guest, writes the guest's output, stops when the guest has stopped, and
 * ends as the guest ends.
 *
 * Environment: CLUMP_SOCKET (of the home daemon), CLUMP_JOB, CLUMP_NAME (comm of the process), CLUMP_PENDING
 * ("10:1,34:2", signals that have travelled in the image, and how many of each), CLUMP_FDS: "r0,w1,t2", each descriptor that
 * is relayed, to be read, written, or the terminal. CLUMP_TREE where the process had children, which are away too.
 *
 * Frames to the guest: 's' signal (number, si_code), 'S' the same to its group, 'm' terminal modes (struct termios),
 * 'w' window size (struct winsize), 'a' input is there, 'i' input, 'z' end of input, 'p' the reader of an output is gone, 'k' output written (number of bytes).
 * Frames from the guest: 'o' output, 'c' output closed, 'g' input wanted (number of bytes), 't' stopped by a signal,
 * 'm' terminal modes (struct termios), 'x' ended (wait status). Before 'x' 'r' tells that children of the guest go on
 * without it, and 'e' that the last of them has ended.
 */
#include "link.h"
#include "programs.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

enum { MOST_CHANNELS = 256 };

struct channel {
	char mode;			/* 'r', 'w', 't', or 0 where nothing is relayed */
	bool is_done;			/* the guest has closed this output: what a guest started again writes is there */
	bool announced;			/* the guest knows that there is input */
	unsigned wanted;		/* bytes of input that the guest waits for */
	unsigned head, tail;		/* of `queue`: output that is not yet written */
	unsigned left_out;		/* bytes of output that are not to be written */
	unsigned char *queue;		/* CREDIT bytes, once there has been output */
};

struct deputy {
	struct link link;
	struct channel channels[MOST_CHANNELS];
	int signals;			/* a signalfd(2) */
	int terminal;			/* -1: none is relayed */
	unsigned travelled[NSIG];	/* pending signals that the guest has from its image */
	bool has_ended;
	int status;			/* of wait(2), once the guest has ended */
	bool remains;			/* children of the guest go on without it */
	int heirs;			/* a copy that stands for them: closed once it has a link; 0: none */
	pid_t witness;			/* 0: none */
	struct termios modes;		/* of the terminal, as home or the guest has set them last */
	bool has_modes;			/* the guest has set them, and the terminal has not got them */
	char **arguments;		/* as for main() */
};

static const char *environment(const char *name)
{
	const char *value = getenv(name);

	return value ? value : "";
}

static void read_channels(struct deputy *deputy)
{
	const char *at = environment("CLUMP_FDS");

	deputy->terminal = -1;
	while (*at == 'r' || *at == 'w' || *at == 't') {
		char mode = *at++, *end;
		unsigned long fd = strtoul(at, &end, 10);

		if (end == at || fd >= MOST_CHANNELS)
			exit(126);
		deputy->channels[fd].mode = mode;
		if (mode == 't')
			deputy->terminal = fd;
		at = *end == ',' ? end + 1 : end;
	}
}

static void note_travelled(struct deputy *deputy, const char *at)
{
	for (char *end; *at != 0; at = *end == ',' ? end + 1 : end) {
		unsigned long number = strtoul(at, &end, 10);

		if (end == at || *end != ':' || number >= NSIG)
			exit(126);
		at = end + 1;
		deputy->travelled[number] = strtoul(at, &end, 10);
	}
}

/* An exec keeps timers, the signal mask and ignored signals: all that belongs to the process that has gone. */
static void leave_the_past(struct deputy *deputy)
{
	struct itimerval none = { 0 };
	sigset_t all;

	setitimer(ITIMER_REAL, &none, NULL);
	setitimer(ITIMER_VIRTUAL, &none, NULL);
	setitimer(ITIMER_PROF, &none, NULL);
	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_DFL);
	sigfillset(&all);
	/* As a process in the background would be, the deputy is stopped by its terminal. */
	sigdelset(&all, SIGTTIN);
	sigdelset(&all, SIGTTOU);
	sigprocmask(SIG_SETMASK, &all, NULL);
	deputy->signals = own_descriptor(signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK));
	note_travelled(deputy, environment("CLUMP_PENDING"));
	if (*environment("CLUMP_NAME"))
		prctl(PR_SET_NAME, environment("CLUMP_NAME"));
	for (int fd = 0; fd < FIRST_OWN; fd++)
		if (fd >= MOST_CHANNELS || deputy->channels[fd].mode == 0)
			close(fd);
}

static void send_size(struct deputy *deputy)
{
	struct winsize size;

	if (deputy->terminal >= 0 && ioctl(deputy->terminal, TIOCGWINSZ, &size) == 0)
		link_send(&deputy->link, 'w', deputy->terminal, &size, sizeof size);
}

static bool is_from_kernel_timer(const struct signalfd_siginfo *info)
{
	bool is_timer = info->ssi_signo == SIGALRM || info->ssi_signo == SIGVTALRM || info->ssi_signo == SIGPROF;

	return is_timer && info->ssi_code == SI_KERNEL;
}

/*
 * Who sends a signal to a group sends it to each member, and no member can tell. So a deputy of a tree has a second
 * process in its group, which does nothing, with all signals blocked: what waits for it too was sent to the group.
 */
static void start_witness(struct deputy *deputy)
{
	pid_t parent = getpid();

	deputy->witness = fork();
	if (deputy->witness != 0)
		return;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(0);
	/* pkill(1) is not to take it for the job. */
	prctl(PR_SET_NAME, "clump-witness");
	for (char **argument = deputy->arguments; *argument != NULL; argument++)
		memset(*argument, 0, strlen(*argument));
	for (int fd = 0; fd < 3 * FIRST_OWN; fd++)
		close(fd);
	for (;;)
		pause();
}

static bool has_witnessed(struct deputy *deputy, unsigned number)
{
	char path[64], line[128];
	unsigned long long pending = 0;

	if (deputy->witness <= 0)
		return false;
	snprintf(path, sizeof path, "/proc/%d/status", deputy->witness);
	FILE *file = fopen(path, "r");
	if (file == NULL)
		return false;
	while (fgets(line, sizeof line, file) != NULL && sscanf(line, "ShdPnd: %llx", &pending) != 1)
		;
	fclose(file);
	if ((pending >> (number - 1) & 1) == 0)
		return false;
	/* A new one, for which nothing waits. */
	kill(deputy->witness, SIGKILL);
	start_witness(deputy);
	return true;
}

static void reap(struct deputy *deputy)
{
	pid_t ended;

	while ((ended = waitpid(-1, NULL, WNOHANG)) > 0)
		if (ended == deputy->witness)
			deputy->witness = 0;
}

/* The terminal signals the whole group in its foreground. */
static bool is_from_terminal(const struct deputy *deputy, const struct signalfd_siginfo *info)
{
	return info->ssi_code == SI_KERNEL && deputy->terminal >= 0 && info->ssi_signo != SIGHUP;
}

static void forward_signal(struct deputy *deputy)
{
	struct signalfd_siginfo info;
	unsigned char payload[8];

	if (read(deputy->signals, &info, sizeof info) != sizeof info)
		return;
	/* Children of ours are the members of the tree that ended at the move; the guest has its own. */
	if (info.ssi_signo == SIGCHLD && info.ssi_code > 0) {
		reap(deputy);
		return;
	}
	if (info.ssi_signo < NSIG && deputy->travelled[info.ssi_signo] > 0) {
		deputy->travelled[info.ssi_signo]--;
		return;
	}
	if (is_from_kernel_timer(&info) || (info.ssi_signo == SIGPIPE && info.ssi_pid == (uint32_t)getpid()))
		return;
	if (info.ssi_signo == SIGWINCH) {
		send_size(deputy);
		/* The guest's own terminal raises the signal when its size changes. */
		if (info.ssi_code == SI_KERNEL && deputy->terminal >= 0)
			return;
	}
	put_number(payload, info.ssi_signo);
	put_number(payload + 4, info.ssi_code);
	bool is_for_group = is_from_terminal(deputy, &info) || has_witnessed(deputy, info.ssi_signo);
	link_send(&deputy->link, is_for_group ? 'S' : 's', 0, payload, sizeof payload);
}

static void stop_by(int number)
{
	sigset_t one, before;

	if (number == SIGSTOP) {
		raise(number);
		return;
	}
	sigemptyset(&one);
	sigaddset(&one, number);
	sigprocmask(SIG_UNBLOCK, &one, &before);
	raise(number);
	sigprocmask(SIG_SETMASK, &before, NULL);
}

static void shut(struct deputy *deputy, int fd)
{
	struct channel *channel = &deputy->channels[fd];

	close(fd);
	free(channel->queue);
	*channel = (struct channel){ 0 };
}

/* Others at home have set them, as a shell does for the job that it brings to the foreground. */
static void send_modes(struct deputy *deputy)
{
	struct termios modes = { 0 };

	if (deputy->has_modes || tcgetattr(deputy->terminal, &modes) < 0 || memcmp(&modes, &deputy->modes, sizeof modes) == 0)
		return;
	deputy->modes = modes;
	link_send(&deputy->link, 'm', deputy->terminal, &modes, sizeof modes);
}

/* What the guest has written before is on the terminal before its modes change. */
static void set_modes(struct deputy *deputy)
{
	const struct channel *channel = &deputy->channels[deputy->terminal];

	if (!deputy->has_modes || channel->head != channel->tail)
		return;
	deputy->has_modes = false;
	/* In the background this stops the deputy, as it would stop the process. */
	tcsetattr(deputy->terminal, TCSANOW, &deputy->modes);
	tcgetattr(deputy->terminal, &deputy->modes);
}

static void read_input(struct deputy *deputy, int fd)
{
	struct channel *channel = &deputy->channels[fd];
	unsigned char bytes[FRAME_MOST];

	if (channel->mode == 't')
		send_modes(deputy);
	unsigned wanted = channel->wanted < sizeof bytes ? channel->wanted : sizeof bytes;
	ssize_t count = read(fd, bytes, wanted);

	channel->wanted = 0;
	channel->announced = false;
	if (count > 0) {
		link_send(&deputy->link, 'i', fd, bytes, count);
	} else if (count == 0 || (errno != EINTR && errno != EAGAIN)) {
		link_send(&deputy->link, 'z', fd, NULL, 0);
		if (channel->mode == 'r')
			shut(deputy, fd);
	}
}

/*
 * The guest's terminal has written a newline as return and newline, and the one at home will do so: returns that would be
 * doubled are left out. Gives the bytes that stay.
 */
static unsigned leave_out_returns(const struct deputy *deputy, const unsigned char *bytes, unsigned length,
				  unsigned char *kept)
{
	struct termios modes;
	unsigned count = 0;
	bool is_doubled = tcgetattr(deputy->terminal, &modes) == 0 && modes.c_oflag & OPOST && modes.c_oflag & ONLCR;

	for (unsigned index = 0; index < length; index++)
		if (!is_doubled || bytes[index] != '\r' || index + 1 == length || bytes[index + 1] != '\n')
			kept[count++] = bytes[index];
	return count;
}

static void queue_output(struct channel *channel, const unsigned char *bytes, unsigned length)
{
	if (channel->queue == NULL)
		channel->queue = malloc(CREDIT);
	if (channel->head > 0) {
		memmove(channel->queue, channel->queue + channel->head, channel->tail - channel->head);
		channel->tail -= channel->head;
		channel->head = 0;
	}
	/* More than its credit a guest does not send. */
	if (channel->queue == NULL || channel->tail + length > CREDIT)
		abort();
	memcpy(channel->queue + channel->tail, bytes, length);
	channel->tail += length;
}

/* poll(2) has said that there is room, which for a pipe is PIPE_BUF: up to so much is written without waiting. */
static void write_output(struct deputy *deputy, int fd)
{
	struct channel *channel = &deputy->channels[fd];
	unsigned length = channel->tail - channel->head;
	ssize_t count = write(fd, channel->queue + channel->head, length < FRAME_MOST ? length : FRAME_MOST);

	if (count < 0 && errno != EAGAIN && errno != EINTR) {
		link_send(&deputy->link, 'p', fd, NULL, 0);
		shut(deputy, fd);
	} else if (count > 0) {
		channel->head += count;
		link_send_number(&deputy->link, 'k', fd, count + channel->left_out);
		channel->left_out = 0;
	}
}

static void finish(struct deputy *deputy, int fd)
{
	shut(deputy, fd);
	deputy->channels[fd].is_done = true;
}

/* What the last guest has written since the image, and is not written here yet, the next one writes again. */
static bool begin_anew(void *owner)
{
	struct deputy *deputy = owner;

	if (deputy->has_ended)
		return false;
	link_begin_anew(&deputy->link);
	deputy->has_modes = false;
	for (int fd = 0; fd < MOST_CHANNELS; fd++) {
		struct channel *channel = &deputy->channels[fd];

		channel->head = channel->tail = channel->left_out = channel->wanted = 0;
		channel->announced = false;
		if (channel->mode == 'W')
			channel->mode = 'w';
	}
	send_size(deputy);
	return true;
}

static void take(void *owner, int type, int fd, const unsigned char *payload, unsigned length)
{
	struct deputy *deputy = owner;
	struct channel *channel = &deputy->channels[fd];

	if (type == 'o' && channel->mode == 't') {
		unsigned char kept[FRAME_MOST];
		unsigned count = leave_out_returns(deputy, payload, length, kept);

		queue_output(channel, kept, count);
		channel->left_out += length - count;
	} else if (type == 'o' && channel->mode == 'w')
		queue_output(channel, payload, length);
	else if (type == 'o' && deputy->link.starts > 0 && link_has_room(&deputy->link)) {
		/* A guest that has been started again does not know that the output was closed, or that nobody reads it. */
		if (channel->is_done)
			link_send_number(&deputy->link, 'k', fd, length);
		else
			link_send(&deputy->link, 'p', fd, NULL, 0);
	}
	else if (type == 'c' && channel->mode == 'w' && channel->head == channel->tail)
		finish(deputy, fd);
	else if (type == 'c' && channel->mode == 'w')
		channel->mode = 'W';	/* closed once its queue is written */
	else if (type == 'g' && length == 4)
		channel->wanted = number_at(payload);
	else if (type == 't' && length == 4)
		stop_by(number_at(payload));
	else if (type == 'm' && channel->mode == 't' && length == sizeof(struct termios)) {
		memcpy(&deputy->modes, payload, length);
		deputy->has_modes = true;
		set_modes(deputy);
	}
	else if (type == 'r' || type == 'e')
		deputy->remains = type == 'r';
	else if (type == 'x' && length == 4) {
		deputy->status = number_at(payload);
		deputy->has_ended = true;
	}
}

static _Noreturn void end_as(int status)
{
	struct rlimit no_core = { 0, 0 };
	sigset_t none;

	if (!WIFSIGNALED(status))
		_exit(WEXITSTATUS(status));
	setrlimit(RLIMIT_CORE, &no_core);
	kill(getpid(), WTERMSIG(status));
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	_exit(128 + WTERMSIG(status));
}

/* Milliseconds: the daemon may have been killed, and is started again. */
enum { HEIR_PATIENCE = 15000 };

/*
 * Children of the guest go on without it: then a copy of the deputy stands for them. The deputy ends once the daemon
 * knows the copy by its link; gives false where this is the copy.
 */
static bool leave_to_copy(struct deputy *deputy)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return true;
	pid_t copy = fork();
	if (copy == 0) {
		close(ends[0]);
		deputy->heirs = own_descriptor(ends[1]);
		deputy->status = -1;
		deputy->witness = 0;
		link_hang_up(&deputy->link);
		return false;
	}
	close(ends[1]);
	struct pollfd polled = { ends[0], POLLIN, 0 };
	if (copy > 0)
		poll(&polled, 1, HEIR_PATIENCE);
	return true;
}

static void end_when_done(struct deputy *deputy)
{
	bool goes_on = deputy->remains, writes = false;

	for (int fd = 0; fd < MOST_CHANNELS; fd++) {
		const struct channel *channel = &deputy->channels[fd];

		writes |= channel->head != channel->tail;
		goes_on |= channel->mode == 'w';
	}
	if (writes || deputy->link.told != deputy->link.received)
		return;
	bool is_copy = deputy->status < 0;
	if (goes_on && (is_copy || !leave_to_copy(deputy)))
		return;
	end_as(is_copy ? 0 : deputy->status);
}

static short channel_events(struct deputy *deputy, int fd)
{
	struct channel *channel = &deputy->channels[fd];

	if (channel->mode == 0 || !link_has_room(&deputy->link))
		return -1;
	if (channel->head != channel->tail)
		return POLLOUT;
	if (channel->mode == 'r')
		return !channel->announced || channel->wanted ? POLLIN : -1;
	if (channel->mode == 't')
		return channel->wanted ? POLLIN : -1;
	return 0;			/* POLLERR or POLLHUP: the reader is gone */
}

static void turn_channel(struct deputy *deputy, int fd, short events)
{
	struct channel *channel = &deputy->channels[fd];

	if (channel->mode == 0 || !link_has_room(&deputy->link))
		return;
	if (channel->mode == 't' && (events & (POLLIN | POLLHUP)) && channel->wanted) {
		/* The terminal stops readers in the background; the guest, not its deputy, is that reader. */
		pid_t foreground = tcgetpgrp(fd);

		/* Of a terminal that has hung up the group is gone, and a read tells so. */
		if (foreground == getpgrp() || foreground < 0)
			read_input(deputy, fd);
		else
			kill(0, SIGTTIN);
	} else if (channel->mode == 'r' && (events & (POLLIN | POLLHUP | POLLERR))) {
		if (channel->wanted) {
			read_input(deputy, fd);
		} else if (!channel->announced) {
			channel->announced = true;
			link_send(&deputy->link, 'a', fd, NULL, 0);
		}
	} else if (events & POLLOUT) {
		write_output(deputy, fd);
		if (channel->mode == 'W' && channel->head == channel->tail)
			finish(deputy, fd);
	} else if (events & (POLLERR | POLLHUP)) {
		link_send(&deputy->link, 'p', fd, NULL, 0);
		shut(deputy, fd);
	}
}

/*
 * A guest that has told its end is gone from its node as soon as that is acknowledged, while its last output may wait for
 * a slow reader: whoever asked for its link then would be told that the job is lost.
 */
static bool needs_link(const struct deputy *deputy)
{
	if (!deputy->has_ended || deputy->link.told != deputy->link.received)
		return true;
	for (int fd = 0; fd < MOST_CHANNELS; fd++)
		if (deputy->channels[fd].mode == 'w')
			return true;
	return deputy->remains;
}

static void turn(struct deputy *deputy)
{
	struct pollfd polled[MOST_CHANNELS + 2];
	int count = 0;
	int limit = needs_link(deputy) ? link_patience(&deputy->link) : -1;

	/* Signals wait in the kernel while there is no room for them. */
	polled[count++] = (struct pollfd){ link_has_room(&deputy->link) ? deputy->signals : -1, POLLIN, 0 };
	polled[count++] = (struct pollfd){ deputy->link.fd, link_events(&deputy->link), 0 };
	for (int fd = 0; fd < MOST_CHANNELS; fd++) {
		short events = channel_events(deputy, fd);

		if (events >= 0)
			polled[count++] = (struct pollfd){ fd, events, 0 };
	}
	if (poll(polled, count, limit) < 0)
		return;
	if (polled[0].revents)
		forward_signal(deputy);
	link_turn(&deputy->link, polled[1].revents, take, deputy);
	for (int index = 2; index < count; index++)
		if (polled[index].revents)
			turn_channel(deputy, polled[index].fd, polled[index].revents);
	if (deputy->terminal >= 0)
		set_modes(deputy);
	if (needs_link(deputy))
		link_connect(&deputy->link);
	if (deputy->heirs > 0 && deputy->link.greeted) {
		close(deputy->heirs);
		deputy->heirs = 0;
	}
}

int run_deputy(char **arguments)
{
	static struct deputy deputy;

	deputy.arguments = arguments;
	read_channels(&deputy);
	leave_the_past(&deputy);
	deputy.link = (struct link){ .path = environment("CLUMP_SOCKET"), .job = environment("CLUMP_JOB"), .fd = -1,
		.begin_anew = begin_anew };
	/* Members of the tree that have ended before now have told nobody. */
	reap(&deputy);
	if (*environment("CLUMP_TREE"))
		start_witness(&deputy);
	send_size(&deputy);
	link_connect(&deputy.link);
	for (;;) {
		turn(&deputy);
		if (deputy.has_ended)
			end_when_done(&deputy);
	}
}
