/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * speed SPINS: computes, and writes a line after each SPINS rounds of that: nanoseconds of processor time since the line
 * before. It ends when nobody reads.
 * speed: reads lines, and writes the number of those of each second.
 * speed listen PORT >FILE, speed send ADDRESS PORT <FILE: carry a file through a TCP connection, as nc(1) does.
 */
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PIECE = 1 << 16 };

static char piece[PIECE];

static long nanoseconds(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	return time.tv_sec * 1000000000l + time.tv_nsec;
}

static int compute(long spins)
{
	uint64_t state = 88172645463325252ull;
	long before = nanoseconds(CLOCK_PROCESS_CPUTIME_ID);

	for (;;) {
		for (long spin = 0; spin < spins; spin++) {
			state ^= state << 13;
			state ^= state >> 7;
			state ^= state << 17;
		}
		long now = nanoseconds(CLOCK_PROCESS_CPUTIME_ID);
		/* A line depends on the whole computation. */
		int length = snprintf(piece, sizeof piece, "%ld %d\n", now - before, (int)(state & 1));

		before = now;
		if (write(1, piece, length) != length)
			return 0;
	}
}

static int count(void)
{
	long end = nanoseconds(CLOCK_MONOTONIC) + 1000000000l, lines = 0;
	ssize_t length;

	while ((length = read(0, piece, sizeof piece)) > 0) {
		for (ssize_t at = 0; at < length; at++)
			lines += piece[at] == '\n';
		long now = nanoseconds(CLOCK_MONOTONIC);
		if (now < end)
			continue;
		/* As many as in exactly one second. */
		printf("%.0f\n", lines * 1e9 / (now - end + 1000000000l));
		fflush(stdout);
		end = now + 1000000000l;
		lines = 0;
	}
	return 0;
}

static int carry(int from, int to)
{
	ssize_t length;

	while ((length = read(from, piece, sizeof piece)) > 0)
		for (ssize_t at = 0, wrote; at < length; at += wrote)
			if ((wrote = write(to, piece + at, length - at)) < 0)
				return 1;
	return length < 0;
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return count();
	if (argc < 3)
		return compute(atol(argv[1]));
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(atoi(argv[argc - 1])) };
	int one = 1, connection = socket(AF_INET, SOCK_STREAM, 0);

	if (strcmp(argv[1], "send") == 0) {
		inet_pton(AF_INET, argv[2], &address.sin_addr);
		if (connect(connection, (struct sockaddr *)&address, sizeof address) < 0)
			return 1;
		return carry(0, connection);
	}
	setsockopt(connection, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (bind(connection, (struct sockaddr *)&address, sizeof address) < 0 || listen(connection, 1) < 0)
		return 1;
	return carry(accept(connection, NULL, NULL), 1);
}
