/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "link.h"
#include "programs.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

uint32_t number_at(const unsigned char *b)
{
	return (uint32_t)b[0] << 24 | b[1] << 16 | b[2] << 8 | b[3];
}

void put_number(unsigned char *b, uint32_t number)
{
	for (int i = 0; i < 4; i++)
		b[i] = number >> (24 - 8 * i);
}

void link_hang_up(struct link *link)
{
	if (link->fd >= 0)
		close(link->fd);
	link->fd = -1;
	link->greeted = false;
	link->next = link->start;
	link->left = link->filled = 0;
}

/* A node may have a hundred of these, and a daemon that hangs up at once, as the other node cannot be reached. */
enum { FIRST_WAIT = 20, LONGEST_WAIT = 1000 };

static long clock_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int link_patience(const struct link *link)
{
	long left = link->next_try - clock_now();

	return link->fd >= 0 ? -1 : left > 0 ? left : 0;
}

void link_connect(struct link *link)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char line[200];

	if (link_patience(link) != 0)
		return;
	link->wait = link->wait == 0 ? FIRST_WAIT : link->wait < LONGEST_WAIT / 2 ? 2 * link->wait : LONGEST_WAIT;
	link->next_try = clock_now() + link->wait;
	link_hang_up(link);
	link->fd = own_descriptor(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
	if (link->fd < 0)
		return;
	snprintf(address.sun_path, sizeof address.sun_path, "%s", link->path);
	int length = link->starts == 0
		? snprintf(line, sizeof line, "clump-link 1 %s %u\n", link->job, link->received)
		: snprintf(line, sizeof line, "clump-link 1 %s %u %u\n", link->job, link->received, link->starts);
	/* The line fits in the buffer of a new socket, so that a blocking write does not wait. */
	if (connect(link->fd, (struct sockaddr *)&address, sizeof address) < 0 ||
	    write(link->fd, line, length) != length)
		link_hang_up(link);
	else
		fcntl(link->fd, F_SETFL, O_NONBLOCK);
	link->told = link->received;
}

short link_events(const struct link *link)
{
	bool writes = link->greeted && (link->next < link->end || link->told != link->received);
	bool reads = !link->greeted || !link->holds;
	return (reads ? POLLIN : 0) | (writes ? POLLOUT : 0);
}

bool link_has_room(const struct link *link)
{
	/* Room for two: a signal or a size may come on top of the frame that was asked for. */
	return link->end - link->start + 2 * (FRAME_HEAD + FRAME_MOST) <= LINK_ROOM;
}

bool link_is_done(const struct link *link)
{
	return link->start == link->end;
}

static void put_head(unsigned char *head, int type, int channel, unsigned length)
{
	head[0] = type;
	head[1] = channel;
	head[2] = length >> 8;
	head[3] = length;
}

static unsigned frame_length(const unsigned char *head)
{
	return FRAME_HEAD + (head[2] << 8 | head[3]);
}

void link_send(struct link *link, int type, int channel, const void *payload, unsigned length)
{
	if (link->end + FRAME_HEAD + length > LINK_ROOM) {
		memmove(link->out, link->out + link->start, link->end - link->start);
		link->next -= link->start;
		link->end -= link->start;
		link->start = 0;
	}
	if (length > FRAME_MOST || link->end + FRAME_HEAD + length > LINK_ROOM)
		abort();
	put_head(link->out + link->end, type, channel, length);
	if (length > 0)
		memcpy(link->out + link->end + FRAME_HEAD, payload, length);
	link->end += FRAME_HEAD + length;
}

void link_send_number(struct link *link, int type, int channel, int32_t number)
{
	unsigned char bytes[4];

	put_number(bytes, number);
	link_send(link, type, channel, bytes, sizeof bytes);
}

/* Forgets the frames that the other end has. False where it claims frames that were never sent. */
static bool forget(struct link *link, uint32_t received)
{
	while (link->acknowledged != received) {
		if (link->start == link->end)
			return false;
		link->start += frame_length(link->out + link->start);
		link->acknowledged++;
	}
	if (link->next < link->start)
		link->next = link->start;
	return true;
}

static bool acknowledge(struct link *link)
{
	unsigned char frame[FRAME_HEAD + 4];

	put_head(frame, 'A', 0, 4);
	put_number(frame + FRAME_HEAD, link->received);
	ssize_t written = write(link->fd, frame, sizeof frame);
	if (written < 0)
		return errno == EAGAIN;
	link->told = link->received;
	return written == sizeof frame;
}

/* Writes whole frames as far as the socket takes them. False where the connection is lost. */
static bool write_out(struct link *link)
{
	for (;;) {
		if (link->left == 0 && link->told != link->received) {
			if (!acknowledge(link))
				return false;
			if (link->told != link->received)
				return true;
		}
		if (link->next == link->end)
			return true;
		if (link->left == 0)
			link->left = frame_length(link->out + link->next);
		ssize_t written = write(link->fd, link->out + link->next, link->left);
		if (written < 0)
			return errno == EAGAIN;
		link->next += written;
		link->left -= written;
	}
}

void link_begin_anew(struct link *link)
{
	unsigned kept = 0, length;

	for (unsigned at = link->start; at < link->end; at += length) {
		length = frame_length(link->out + at);
		if (link->out[at] != 's' && link->out[at] != 'S')
			continue;
		memmove(link->out + kept, link->out + at, length);
		kept += length;
	}
	link->received = link->told = link->acknowledged = 0;
	link->start = link->next = link->left = 0;
	link->end = kept;
}

static bool begin_anew(struct link *link, unsigned starts, void *owner)
{
	if (link->begin_anew == NULL || !link->begin_anew(owner))
		return false;
	link->starts = starts;
	return true;
}

/* The other end's first line says how many frames it has. Returns the bytes used; 0: not whole yet; -1: nonsense. */
static int read_line(struct link *link, void *owner)
{
	unsigned char *newline = memchr(link->in, '\n', link->filled);
	char job[100];
	unsigned received, starts = 0;

	if (newline == NULL)
		return link->filled < 200 ? 0 : -1;
	*newline = 0;
	if (sscanf((char *)link->in, "clump-link 1 %99s %u %u", job, &received, &starts) < 2 || strcmp(job, link->job) != 0)
		return -1;
	if (starts > link->starts && !begin_anew(link, starts, owner))
		return -1;
	/* The deputy has not heard of this guest yet. */
	if (starts < link->starts)
		received = 0;
	if (!forget(link, received))
		return -1;
	link->next = link->start;
	link->greeted = true;
	link->wait = link->next_try = 0;
	return newline - link->in + 1;
}

static int read_frame(struct link *link, take_frame *take, void *owner)
{
	if (link->filled < FRAME_HEAD)
		return 0;
	unsigned length = frame_length(link->in);
	if (length > FRAME_HEAD + FRAME_MOST)
		return -1;
	if (link->filled < length)
		return 0;
	if (link->in[0] == 'A')
		return length == FRAME_HEAD + 4 && forget(link, number_at(link->in + FRAME_HEAD)) ? (int)length : -1;
	link->received++;
	take(owner, link->in[0], link->in[1], link->in + FRAME_HEAD, length - FRAME_HEAD);
	return length;
}

/* Hands over what has been read. False where it is nonsense. */
static bool hand_over(struct link *link, take_frame *take, void *owner)
{
	for (;;) {
		if (link->greeted && link->holds)
			return true;
		int used = link->greeted ? read_frame(link, take, owner) : read_line(link, owner);
		if (used < 0)
			return false;
		if (used == 0)
			return true;
		link->filled -= used;
		memmove(link->in, link->in + used, link->filled);
	}
}

static bool read_in(struct link *link, take_frame *take, void *owner)
{
	ssize_t count = read(link->fd, link->in + link->filled, sizeof link->in - link->filled);

	if (count <= 0)
		return count < 0 && errno == EAGAIN;
	link->filled += count;
	return hand_over(link, take, owner);
}

void link_release(struct link *link, take_frame *take, void *owner)
{
	link->holds = false;
	if (link->fd >= 0 && !hand_over(link, take, owner))
		link_hang_up(link);
}

void link_turn(struct link *link, short events, take_frame *take, void *owner)
{
	bool lives = true;

	if (link->fd < 0)
		return;
	if (link->greeted && link->holds)
		/* What has not been taken comes again. */
		lives = !(events & (POLLHUP | POLLERR));
	else if (events & (POLLIN | POLLHUP | POLLERR))
		lives = read_in(link, take, owner);
	if (lives && link->greeted)
		lives = write_out(link);
	if (!lives)
		link_hang_up(link);
}
