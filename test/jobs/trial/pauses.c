/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pauses MEGABYTES PERCENT: changes so much of its memory a second, one page after the other, and writes a byte each
 * 10 ms, until SIGTERM. Standard error gets its pid once the memory is filled, and at the end "whole" where the memory is
 * as it was written; the exit status is 0 then, else 1.
 * pauses: reads those bytes; prints the longest time between two of them in milliseconds. It stays on one node, whose
 * clock counts.
 */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { PAGE_WORDS = 4096 / sizeof(uint32_t), NAPS = 100 };

static volatile sig_atomic_t ends;

static void end(int signal)
{
	(void)signal;
	ends = 1;
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

static int watch(void)
{
	double last = 0, longest = 0;
	char byte;

	while (read(0, &byte, 1) == 1) {
		double time = now();

		if (last > 0 && time - last > longest)
			longest = time - last;
		last = time;
	}
	printf("%.0f\n", longest);
	return 0;
}

/* The value of a word that is written once. */
static uint32_t value(size_t index)
{
	return (uint32_t)index * 2654435761u ^ (uint32_t)(index >> 7);
}

int main(int argc, char **argv)
{
	if (argc < 3)
		return watch();
	size_t pages = (size_t)atoi(argv[1]) << 8, words = pages * PAGE_WORDS, at = 0;
	double changed = pages * atof(argv[2]) / 100 / NAPS, due = 0;
	uint32_t *memory = malloc(words * sizeof *memory), *rounds = calloc(pages, sizeof *rounds);

	for (size_t index = 0; index < words; index++)
		memory[index] = index % PAGE_WORDS == 0 ? 0 : value(index);
	signal(SIGTERM, end);
	fprintf(stderr, "%d\n", getpid());
	while (!ends) {
		for (due += changed; due >= 1; due--, at = (at + 1) % pages)
			memory[at * PAGE_WORDS] = ++rounds[at];
		if (write(1, ".", 1) != 1)
			return 1;
		usleep(1000000 / NAPS);
	}
	for (size_t index = 0; index < words; index++)
		if (memory[index] != (index % PAGE_WORDS == 0 ? rounds[index / PAGE_WORDS] : value(index)))
			return 1;
	fprintf(stderr, "whole\n");
	return 0;
}
