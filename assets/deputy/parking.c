/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "parking.h"
#include "programs.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

struct flow *terminal_flow(struct supervisor *supervisor)
{
	return &supervisor->flows[MOST_RELAYED];
}

int find_relayed(const struct guest *guest, int number, char mode)
{
	for (int index = 0; index < guest->relayed_count; index++)
		if (guest->relayed[index].number == number && guest->relayed[index].mode == mode)
			return index;
	return -1;
}

void open_orders(struct supervisor *supervisor)
{
	sigset_t orders;

	sigemptyset(&orders);
	sigaddset(&orders, SIGUSR1);
	sigaddset(&orders, SIGUSR2);
	sigprocmask(SIG_BLOCK, &orders, NULL);
	supervisor->orders = own_descriptor(signalfd(-1, &orders, SFD_CLOEXEC | SFD_NONBLOCK));
}

void read_orders(struct supervisor *supervisor)
{
	struct signalfd_siginfo info;

	while (read(supervisor->orders, &info, sizeof info) == sizeof info)
		supervisor->parking = info.ssi_signo == SIGUSR1 ? DRAINS : RUNS;
}

static int bytes_in(int fd)
{
	int bytes = 0;

	if (fd >= 0)
		ioctl(fd, FIONREAD, &bytes);
	return bytes;
}

int bytes_for_reader(int master)
{
	int slave = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY);
	struct pollfd polled = { slave, POLLIN, 0 };

	if (slave < 0)
		return 0;
	/* poll(2) brings what is still on its way within the kernel, and wakes the reader. */
	poll(&polled, 1, 0);
	int bytes = bytes_in(slave);
	close(slave);
	return bytes;
}

static bool is_drained(const struct supervisor *supervisor)
{
	const struct guest *guest = &supervisor->guest;

	if (!link_is_done(&supervisor->link) || supervisor->is_ending)
		return false;
	for (int index = 0; index < guest->relayed_count; index++)
		if (guest->relayed[index].mode == 'w' && bytes_in(guest->relayed[index].outer) > 0)
			return false;
	return guest->master < 0 || (bytes_in(guest->master) == 0 && bytes_for_reader(guest->master) == 0);
}

static void write_flow(FILE *file, const char *name, const struct flow *flow, bool is_open)
{
	fprintf(file, "flow=%s,%d,%d,%u,%d\n", name, flow->has_input, flow->is_granted, flow->credit, is_open);
}

static FILE *open_input(const struct guest *guest, const char *folder, int number, const char *mode)
{
	char path[4096];

	snprintf(path, sizeof path, "%s%s/input.r%d", guest->images, folder, number);
	return fopen(path, mode);
}

/*
 * Input that the guest has not read goes on with its images, where the daemon has made their folder. The pipe keeps it,
 * since the move may still fail: tee(2).
 */
static bool write_input(const struct guest *guest, const struct relayed *relayed)
{
	char path[32], bytes[65536];
	int copy[2] = { -1, -1 };
	ssize_t count;

	snprintf(path, sizeof path, "/proc/self/fd/%d", relayed->outer);
	int reader = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	FILE *file = open_input(guest, "/onward", relayed->number, "w");
	bool is_whole = file != NULL && pipe2(copy, O_NONBLOCK | O_CLOEXEC) == 0 &&
			tee(reader, copy[1], sizeof bytes, SPLICE_F_NONBLOCK) == bytes_in(relayed->outer);
	while (is_whole && (count = read(copy[0], bytes, sizeof bytes)) > 0)
		is_whole = fwrite(bytes, 1, count, file) == (size_t)count;
	close(reader);
	close(copy[0]);
	close(copy[1]);
	return file != NULL && fclose(file) == 0 && is_whole;
}

void fill_with_input(const struct guest *guest, const struct relayed *relayed)
{
	char bytes[65536];
	FILE *file = open_input(guest, "", relayed->number, "r");

	if (file == NULL)
		return;
	size_t count = fread(bytes, 1, sizeof bytes, file);
	if (write(relayed->outer, bytes, count) != (ssize_t)count)
		exit(1);
	fclose(file);
}

/* A file that is whole when it is there. */
static bool write_state(struct supervisor *supervisor)
{
	const struct guest *guest = &supervisor->guest;
	char path[4096], whole[4096], name[16];
	struct stat pipe;

	snprintf(path, sizeof path, "%s/state.new", guest->images);
	snprintf(whole, sizeof whole, "%s/state", guest->images);
	FILE *file = fopen(path, "w");
	if (file == NULL)
		return false;
	fprintf(file, "resume=%u,%u\n", supervisor->link.received, supervisor->link.acknowledged);
	for (int index = 0; index < guest->relayed_count; index++) {
		const struct relayed *relayed = &guest->relayed[index];

		if (relayed->mode == 'r' && bytes_in(relayed->outer) > 0 && !write_input(guest, relayed))
			return fclose(file), false;
		snprintf(name, sizeof name, "%c%d", relayed->mode, relayed->number);
		write_flow(file, name, &supervisor->flows[index], relayed->outer >= 0);
		if (relayed->outer >= 0 && fstat(relayed->outer, &pipe) == 0)
			fprintf(file, "key=%s,pipe:[%lu]\n", name, (unsigned long)pipe.st_ino);
	}
	if (guest->master >= 0)
		write_flow(file, "t", terminal_flow(supervisor), true);
	return fclose(file) == 0 && rename(path, whole) == 0;
}

void park_when_drained(struct supervisor *supervisor)
{
	if (supervisor->parking != DRAINS || !is_drained(supervisor))
		return;
	/* What comes later stays with the deputy, and goes to the next supervisor. */
	link_hang_up(&supervisor->link);
	if (write_state(supervisor))
		supervisor->parking = PARKED;
}

bool read_resumption(struct supervisor *supervisor, const char *name, const char *value)
{
	unsigned has_input, is_granted, credit, is_open;
	char descriptor[16];

	if (strcmp(name, "resume") == 0)
		return sscanf(value, "%u,%u", &supervisor->link.received, &supervisor->link.acknowledged) == 2;
	if (strcmp(name, "flow") != 0 ||
	    sscanf(value, "%15[rwt0-9],%u,%u,%u,%u", descriptor, &has_input, &is_granted, &credit, &is_open) != 5 ||
	    credit > CREDIT)
		return false;
	int number = -1, index = MOST_RELAYED;
	if (descriptor[0] != 't' && (sscanf(descriptor + 1, "%d", &number) != 1 ||
	    (index = find_relayed(&supervisor->guest, number, descriptor[0])) < 0))
		return false;
	supervisor->flows[index] = (struct flow){ has_input, is_granted, credit };
	if (index < MOST_RELAYED)
		supervisor->guest.relayed[index].is_shut = !is_open;
	return true;
}
