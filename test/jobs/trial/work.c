/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * work STEPS MEGABYTES STATUS TAG [KILOBYTES [FILE]]: computes; prints a line a step, then a number that depends on every
 * step and on all of its memory, and ends with the status, or with 74 (EX_IOERR) where it cannot print. A step takes 50 ms
 * or more; it changes so many kilobytes. After half of the steps it waits until that file exists.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static uint64_t next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

int main(int argc, char **argv)
{
	if (argc < 5)
		return 64;
	int steps = atoi(argv[1]);
	size_t words = (size_t)atoi(argv[2]) << 17;
	size_t changed = argc > 5 ? (size_t)atoi(argv[5]) << 7 : words;
	uint64_t *memory = malloc(8 * words), state = 88172645463325252ull, sum = 0;
	struct timespec nap = { 0, 50000000 };

	for (size_t index = 0; index < words; index++)
		memory[index] = next(&state);
	for (int step = 0; step < steps; step++) {
		while (argc > 6 && step == steps / 2 && access(argv[6], F_OK) != 0)
			nanosleep(&nap, NULL);
		for (int turn = 0; turn < 100000; turn++)
			memory[next(&state) % changed] += state;
		nanosleep(&nap, NULL);
		printf("%s %d\n", argv[4], step);
		if (fflush(stdout) != 0)
			return 74;
	}
	for (size_t index = 0; index < words; index++)
		sum = (sum ^ memory[index]) * 1099511628211ull;
	printf("%s end %016lx\n", argv[4], sum);
	return fflush(stdout) == 0 ? atoi(argv[3]) : 74;
}
