/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The supervisor of one guest: restores it, relays its descriptors and signals over the link to its deputy, and reports
 * how it stops and ends. No daemon of this node is needed meanwhile; when the supervisor ends, so does the guest.
 *
 * Arguments: socket=PATH job=NAME images=FOLDER root=FOLDER bind=FOLDER (as often as wanted) criu=PATH gate=PATH
 * guests=FOLDER (the control group of guests) hostname=NAME pid=N parent=N group=N session=N, terminal=N (the descriptor at home), and for each relayed descriptor r0=KEY or w1=KEY with the name that
 * criu(8) has for it (--inherit-fd). A guest that comes from another node than its home has resume= and flow= as its
 * last supervisor wrote them, and one that is started again has starts=N; they stand behind the descriptors.
 *
 * Standard input: a number and a newline, once the images are whole. Above that number the guest has no pids, and criu(8)
 * and what it starts get theirs.
 */
#include "parking.h"
#include "programs.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

/* Frames of output that are sent between a guest's end and the word of it: more than pipes hold. */
enum { MOST_LAST_FRAMES = 256 };
enum { FIRST_NAP = 10, LONGEST_NAP = 200, MEMBERS_NAP = 1000 };

static void close_outer(struct relayed *relayed)
{
	if (relayed->outer >= 0)
		close(relayed->outer);
	relayed->outer = -1;
}

static void make_pipe(struct relayed *relayed)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		exit(1);
	relayed->inner = own_descriptor(ends[relayed->mode == 'r' ? 0 : 1]);
	relayed->outer = own_descriptor(ends[relayed->mode == 'r' ? 1 : 0]);
	fcntl(relayed->outer, F_SETFL, O_NONBLOCK);
}

static void make_terminal(struct guest *guest)
{
	int on = 1;

	if (openpty(&guest->master, &guest->slave, NULL, NULL, NULL) < 0)
		exit(1);
	guest->master = own_descriptor(guest->master);
	guest->slave = own_descriptor(guest->slave);
	fcntl(guest->master, F_SETFL, O_NONBLOCK);
	ioctl(guest->master, TIOCPKT, &on);
	ioctl(guest->master, TIOCGPTN, &guest->slave_number);
}

/*
 * The terminal at home edits, echoes, and makes signals of keys. With EXTPROC the one here does not, and has all flags
 * as the guest has set them. With TIOCPKT each read begins with a byte that tells of changes: ioctl_tty(2).
 */
static void set_modes(struct supervisor *supervisor, const struct termios *wanted)
{
	struct termios modes = *wanted;

	supervisor->modes = *wanted;
	modes.c_lflag |= EXTPROC;
	tcsetattr(supervisor->guest.master, TCSANOW, &modes);
}

static bool read_modes(const struct supervisor *supervisor, struct termios *modes)
{
	bool has_read = tcgetattr(supervisor->guest.master, modes) == 0;

	modes->c_lflag &= ~EXTPROC;
	return has_read;
}

static void take_terminal_over(struct supervisor *supervisor)
{
	struct termios modes = { 0 };

	if (read_modes(supervisor, &modes))
		set_modes(supervisor, &modes);
}

/* Whether the gate has been reached: what has changed before is not of the guest's doing. */
static bool may_run(const struct supervisor *supervisor)
{
	char path[4096];

	snprintf(path, sizeof path, "%s/%s", supervisor->guest.images, GATE_MARK);
	return supervisor->is_restored || access(path, F_OK) == 0;
}

/* What the guest sets, the terminal at home is to have; what home has set, home has. */
static void mirror_modes(struct supervisor *supervisor)
{
	struct termios modes = { 0 }, now;

	if (!read_modes(supervisor, &modes))
		return;
	bool is_new = memcmp(&modes, &supervisor->modes, sizeof modes) != 0;
	bool has_lost = tcgetattr(supervisor->guest.master, &now) == 0 && !(now.c_lflag & EXTPROC);
	if (is_new || has_lost)
		set_modes(supervisor, &modes);
	if (is_new)
		link_send(&supervisor->link, 'm', supervisor->guest.terminal, &modes, sizeof modes);
}

static void take_input(struct supervisor *supervisor, int number, const unsigned char *bytes, unsigned length)
{
	int index = find_relayed(&supervisor->guest, number, 'r');
	bool is_terminal = number == supervisor->guest.terminal;
	int to = is_terminal ? supervisor->guest.master : index < 0 ? -1 : supervisor->guest.relayed[index].outer;
	struct flow *flow = is_terminal ? terminal_flow(supervisor) : &supervisor->flows[index < 0 ? 0 : index];

	/* What was asked for was read for by the guest: the pipe has room for it. */
	if (to >= 0 && write(to, bytes, length) < 0 && errno != EPIPE)
		perror("Cannot hand over input");
	flow->is_granted = flow->has_input = false;
}

/* The terminal at home is gone: so is the guest's, which gets SIGHUP as at home. */
static void hang_up_terminal(struct guest *guest)
{
	close(guest->master);
	guest->master = -1;
}

static void end_input(struct supervisor *supervisor, int number)
{
	static const unsigned char end_of_file = 4;
	int index = find_relayed(&supervisor->guest, number, 'r');

	if (number == supervisor->guest.terminal)
		take_input(supervisor, number, &end_of_file, 1);
	else if (index >= 0)
		close_outer(&supervisor->guest.relayed[index]);
}

static void take(void *owner, int type, int number, const unsigned char *payload, unsigned length)
{
	struct supervisor *supervisor = owner;
	struct guest *guest = &supervisor->guest;
	int input = find_relayed(guest, number, 'r'), output = find_relayed(guest, number, 'w');

	if (type == 's' && length == 8 && supervisor->body > 0)
		kill(supervisor->body, number_at(payload));
	else if (type == 'S' && length == 8 && supervisor->body > 0)
		kill(-getpgid(supervisor->body), number_at(payload));
	else if (type == 'w' && guest->master >= 0 && length == sizeof(struct winsize))
		ioctl(guest->master, TIOCSWINSZ, payload);
	else if (type == 'm' && guest->master >= 0 && length == sizeof(struct termios))
		set_modes(supervisor, (const struct termios *)payload);
	else if (type == 'p' && guest->master >= 0 && number == guest->terminal)
		hang_up_terminal(guest);
	else if (type == 'a' && input >= 0)
		supervisor->flows[input].has_input = true;
	else if (type == 'i')
		take_input(supervisor, number, payload, length);
	else if (type == 'z')
		end_input(supervisor, number);
	else if (type == 'p' && output >= 0)
		close_outer(&guest->relayed[output]);
	else if (type == 'k' && length == 4 && number == guest->terminal)
		terminal_flow(supervisor)->credit += number_at(payload);
	else if (type == 'k' && length == 4 && output >= 0)
		supervisor->flows[output].credit += number_at(payload);
	supervisor->nap = FIRST_NAP;
}

/* Sends on what the guest has written. False at its end. */
static bool send_output(struct supervisor *supervisor, int from, int number, struct flow *flow)
{
	unsigned char bytes[FRAME_MOST];
	ssize_t count = read(from, bytes, flow->credit < sizeof bytes ? flow->credit : sizeof bytes);

	if (count > 0) {
		link_send(&supervisor->link, 'o', number, bytes, count);
		flow->credit -= count;
		supervisor->last_frames += supervisor->is_ending;
	}
	/* A master whose slave nobody has open gives EIO: its guest may still open it anew. */
	return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR || errno == EIO));
}

static unsigned bytes_to_read(int fd)
{
	struct pollfd polled = { fd, POLLIN, 0 };
	int bytes = 0;

	/* poll(2) brings what is still on its way within the kernel. */
	if (poll(&polled, 1, 0) < 0 || ioctl(fd, FIONREAD, &bytes) < 0)
		return 0;
	return bytes;
}

static bool is_cooked(const struct supervisor *supervisor)
{
	struct termios modes = { 0 };

	return read_modes(supervisor, &modes) && modes.c_oflag & OPOST;
}

/*
 * The same of the terminal. No order tells whether output was there before a change of modes. What a terminal that
 * processes output has let through is right on one that does not: so home is raw first, and cooked last.
 */
static void send_screen(struct supervisor *supervisor)
{
	struct flow *flow = terminal_flow(supervisor);
	unsigned char bytes[1 + FRAME_MOST];
	ssize_t count;

	unsigned most = flow->credit < FRAME_MOST ? flow->credit : FRAME_MOST;
	if (supervisor->has_modes && supervisor->before_modes < most)
		most = supervisor->before_modes;
	count = read(supervisor->guest.master, bytes, 1 + most);
	if (count > 0 && bytes[0] & TIOCPKT_IOCTL && !may_run(supervisor)) {
		/* criu(8) has restored them. */
		take_terminal_over(supervisor);
	} else if (count > 0 && bytes[0] & TIOCPKT_IOCTL) {
		supervisor->has_modes = true;
		supervisor->before_modes = is_cooked(supervisor) ? bytes_to_read(supervisor->guest.master) : 0;
	}
	if (count > 1 && bytes[0] == TIOCPKT_DATA) {
		link_send(&supervisor->link, 'o', supervisor->guest.terminal, bytes + 1, count - 1);
		flow->credit -= count - 1;
		supervisor->last_frames += supervisor->is_ending;
		if (supervisor->has_modes)
			supervisor->before_modes -= count - 1;
	}
	if (supervisor->has_modes && supervisor->before_modes == 0) {
		supervisor->has_modes = false;
		mirror_modes(supervisor);
	}
}

static void ask_for_input(struct supervisor *supervisor, struct flow *flow, int number, const struct stat *file)
{
	if (flow->is_granted || !link_has_room(&supervisor->link))
		return;
	int bytes = find_demand(&supervisor->guest, file);
	if (bytes == 0)
		return;
	flow->is_granted = true;
	link_send_number(&supervisor->link, 'g', number, bytes);
	supervisor->nap = FIRST_NAP;
}

static void look_for_demand(struct supervisor *supervisor)
{
	struct guest *guest = &supervisor->guest;
	struct stat pipe;

	for (int index = 0; index < guest->relayed_count; index++)
		if (supervisor->flows[index].has_input && fstat(guest->relayed[index].outer, &pipe) == 0)
			ask_for_input(supervisor, &supervisor->flows[index], guest->relayed[index].number, &pipe);
	/* A reader that has not taken yet what it has been given wants no more. */
	if (guest->master >= 0 && bytes_for_reader(guest->master) == 0)
		ask_for_input(supervisor, terminal_flow(supervisor), guest->terminal, &supervisor->slave);
}

static bool waits_for_demand(const struct supervisor *supervisor)
{
	bool waits = supervisor->guest.master >= 0 && !supervisor->flows[MOST_RELAYED].is_granted;

	for (int index = 0; index < supervisor->guest.relayed_count; index++)
		waits |= supervisor->flows[index].has_input && !supervisor->flows[index].is_granted;
	return waits && !supervisor->has_ended && supervisor->parking == RUNS;
}

static void read_report(struct supervisor *supervisor)
{
	struct report report;

	if (read(supervisor->guest.reports, &report, sizeof report) != sizeof report) {
		/* The namespace is gone without a word: it was killed, and the guest with it. */
		report = (struct report){ ENDED, SIGKILL };
		close(supervisor->guest.reports);
		supervisor->guest.reports = -1;
	}
	if (report.kind == BEGUN) {
		supervisor->may_link = true;
	} else if (report.kind == RESTORED) {
		supervisor->is_restored = true;
		supervisor->body = find_body(&supervisor->guest);
		link_release(&supervisor->link, take, supervisor);
	} else if (report.kind == STOPPED) {
		link_send_number(&supervisor->link, 't', 0, report.value);
	} else if (report.kind == FAILED) {
		fprintf(stderr, "the namespace failed at step %d: %s\n", report.value >> 16, strerror(report.value & 0xffff));
		exit(report.value >> 16 == CRIU_KILLED ? ENDS_FOR_KILLED : 2);
	} else if (!supervisor->is_ending) {
		supervisor->is_ending = true;
		supervisor->status = report.value;
	}
}

/* Whether the guest has written what has not been sent. */
static bool has_output(const struct supervisor *supervisor)
{
	struct pollfd polled[MOST_RELAYED + 1];
	int count = supervisor->guest.relayed_count;

	for (int index = 0; index < count; index++) {
		const struct relayed *relayed = &supervisor->guest.relayed[index];

		polled[index] = (struct pollfd){ relayed->mode == 'w' ? relayed->outer : -1, POLLIN, 0 };
	}
	polled[count] = (struct pollfd){ supervisor->guest.master, POLLIN, 0 };
	if (poll(polled, count + 1, 0) <= 0)
		return false;
	for (int index = 0; index < count; index++)
		if (polled[index].revents)
			return true;
	/* A terminal that nobody has open hangs up for ever. */
	return (polled[count].revents & POLLIN) != 0;
}

static bool relays(const struct supervisor *supervisor)
{
	for (int index = 0; index < supervisor->guest.relayed_count; index++)
		if (supervisor->guest.relayed[index].mode == 'w' && supervisor->guest.relayed[index].outer >= 0)
			return true;
	return false;
}

/* What the guest wrote before its end is sent before its end; a child of it that writes on must not delay that. */
static void tell_end(struct supervisor *supervisor)
{
	bool is_late = supervisor->last_frames >= MOST_LAST_FRAMES;

	if (!supervisor->is_ending || supervisor->has_ended || !link_has_room(&supervisor->link))
		return;
	if (!is_late && has_output(supervisor))
		return;
	supervisor->has_ended = true;
	/* Its number may be that of another process by now. */
	supervisor->body = 0;
	supervisor->has_members = has_members(&supervisor->guest);
	if (supervisor->has_members)
		link_send(&supervisor->link, 'r', 0, NULL, 0);
	link_send_number(&supervisor->link, 'x', 0, supervisor->status);
}

/* At home they would go on without it, too. */
static void look_after_members(struct supervisor *supervisor)
{
	if (!supervisor->has_members || supervisor->looked == time(NULL) || !link_has_room(&supervisor->link))
		return;
	supervisor->looked = time(NULL);
	supervisor->has_members = has_members(&supervisor->guest);
	if (!supervisor->has_members)
		link_send(&supervisor->link, 'e', 0, NULL, 0);
}

static void turn(struct supervisor *supervisor)
{
	struct guest *guest = &supervisor->guest;
	struct pollfd polled[MOST_RELAYED + 4];
	bool has_room = link_has_room(&supervisor->link);
	int count = guest->relayed_count, limit = -1;

	for (int index = 0; index < count; index++) {
		bool sends = guest->relayed[index].mode == 'w' && has_room && supervisor->flows[index].credit > 0;

		polled[index] = (struct pollfd){ sends ? guest->relayed[index].outer : -1, POLLIN, 0 };
	}
	bool sends = terminal_flow(supervisor)->credit > 0;
	polled[count] = (struct pollfd){ has_room ? guest->master : -1, sends ? POLLIN : POLLPRI, 0 };
	polled[count + 1] = (struct pollfd){ guest->reports, POLLIN, 0 };
	polled[count + 2] = (struct pollfd){ supervisor->link.fd, link_events(&supervisor->link), 0 };
	polled[count + 3] = (struct pollfd){ supervisor->orders, POLLIN, 0 };
	if (supervisor->may_link && supervisor->parking != PARKED)
		limit = link_patience(&supervisor->link);
	if (waits_for_demand(supervisor))
		limit = supervisor->nap;
	if (supervisor->parking == DRAINS)
		limit = FIRST_NAP;
	if (supervisor->has_members)
		limit = MEMBERS_NAP;
	poll(polled, count + 4, limit);
	link_turn(&supervisor->link, polled[count + 2].revents, take, supervisor);
	for (int index = 0; index < count; index++)
		if (polled[index].revents && link_has_room(&supervisor->link) && guest->relayed[index].outer >= 0 &&
		    !send_output(supervisor, guest->relayed[index].outer, guest->relayed[index].number,
				 &supervisor->flows[index])) {
			close_outer(&guest->relayed[index]);
			link_send(&supervisor->link, 'c', guest->relayed[index].number, NULL, 0);
		}
	if (polled[count].revents & (POLLIN | POLLPRI) && link_has_room(&supervisor->link))
		send_screen(supervisor);
	else if (polled[count].revents & POLLHUP)
		usleep(1000 * FIRST_NAP);
	if (polled[count + 1].revents && link_has_room(&supervisor->link))
		read_report(supervisor);
	tell_end(supervisor);
	look_after_members(supervisor);
	if (waits_for_demand(supervisor)) {
		look_for_demand(supervisor);
		supervisor->nap = supervisor->nap * 3 / 2 < LONGEST_NAP ? supervisor->nap * 3 / 2 : LONGEST_NAP;
	}
	if (polled[count + 3].revents)
		read_orders(supervisor);
	park_when_drained(supervisor);
	/*
	 * The link is there when the guest writes its first byte. It holds what comes from the deputy: a signal that came
	 * before there is a body would be lost. A body that has ended at once has an end to be told.
	 */
	if (supervisor->may_link && supervisor->parking != PARKED)
		link_connect(&supervisor->link);
}

static bool read_argument(struct supervisor *supervisor, char *argument)
{
	struct guest *guest = &supervisor->guest;
	char *value = strchr(argument, '=');
	const struct { const char *name; const char **text; } texts[] = {
		{ "socket", &guest->socket }, { "job", &guest->job }, { "images", &guest->images },
		{ "root", &guest->root }, { "criu", &guest->criu }, { "gate", &guest->gate },
		{ "hostname", &guest->hostname }, { "guests", &guest->guests },
	};
	const struct { const char *name; int *number; } numbers[] = {
		{ "pid", &guest->pid }, { "parent", &guest->parent }, { "group", &guest->group },
		{ "session", &guest->session }, { "terminal", &guest->terminal },
		{ "starts", &guest->starts },
	};

	if (value == NULL)
		return false;
	*value++ = 0;
	for (unsigned index = 0; index < sizeof texts / sizeof *texts; index++)
		if (strcmp(texts[index].name, argument) == 0)
			return *texts[index].text = value, true;
	for (unsigned index = 0; index < sizeof numbers / sizeof *numbers; index++)
		if (strcmp(numbers[index].name, argument) == 0)
			return *numbers[index].number = atoi(value), true;
	if (read_resumption(supervisor, argument, value))
		return true;
	if (strcmp(argument, "bind") == 0 && guest->bound_count < MOST_BOUND)
		return guest->bound[guest->bound_count++] = value, true;
	if ((argument[0] != 'r' && argument[0] != 'w') || guest->relayed_count == MOST_RELAYED)
		return false;
	supervisor->flows[guest->relayed_count].credit = CREDIT;
	guest->relayed[guest->relayed_count++] =
		(struct relayed){ argument[0], atoi(argument + 1), value, -1, -1, false };
	return true;
}

static void prepare(struct supervisor *supervisor)
{
	struct guest *guest = &supervisor->guest;
	int reports[2];

	for (int index = 0; index < guest->relayed_count; index++)
		make_pipe(&guest->relayed[index]);
	for (int index = 0; index < guest->relayed_count; index++)
		if (guest->relayed[index].mode == 'r')
			fill_with_input(guest, &guest->relayed[index]);
	if (!limit_guests(guest)) {
		perror("Cannot limit a guest");
		exit(1);
	}
	own_terminals(guest);
	guest->master = guest->slave = -1;
	if (guest->terminal >= 0) {
		make_terminal(guest);
		take_terminal_over(supervisor);
		fstat(guest->slave, &supervisor->slave);
	}
	if (pipe2(reports, O_CLOEXEC) < 0)
		exit(1);
	guest->reports = own_descriptor(reports[0]);
	reports[1] = own_descriptor(reports[1]);
	guest->init = start_namespace(guest, reports[1]);
	if (guest->init < 0)
		exit(1);
	close(reports[1]);
	close_inner(guest);
	for (int index = 0; index < guest->relayed_count; index++)
		if (guest->relayed[index].is_shut)
			close_outer(&guest->relayed[index]);
	open_orders(supervisor);
}

int run_guest(int argc, char **argv)
{
	static struct supervisor supervisor = { .guest = { .root = "/", .terminal = -1 }, .nap = FIRST_NAP };
	struct guest *guest = &supervisor.guest;

	supervisor.link.fd = -1;
	terminal_flow(&supervisor)->credit = CREDIT;
	for (int index = 1; index < argc; index++)
		if (!read_argument(&supervisor, argv[index])) {
			fprintf(stderr, "Cannot read %s: an argument like pid=42 or w1=pipe:[7] was wanted\n", argv[index]);
			return 64;
		}
	signal(SIGPIPE, SIG_IGN);
	prepare(&supervisor);
	supervisor.link.path = guest->socket;
	supervisor.link.job = guest->job;
	supervisor.link.starts = guest->starts;
	supervisor.link.holds = true;
	while (!supervisor.has_ended || supervisor.has_members || relays(&supervisor) || !link_is_done(&supervisor.link))
		turn(&supervisor);
	kill(guest->init, SIGKILL);
	return 0;
}
