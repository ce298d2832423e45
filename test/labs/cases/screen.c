/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * screen size: prints "set", and after each change of its terminal's size "winch COLUMNS ROWS".
 * screen raw: prints "begun" and waits for the file "raw"; makes its terminal raw then, and prints each key that comes as
 * "key HEX", until "q"; at last it gives the terminal back, and prints "cooked", and whether the terminal echoes.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t changes;

static void note(int signal)
{
	(void)signal;
	changes++;
}

static int watch_size(void)
{
	struct sigaction action = { .sa_handler = note };
	struct winsize size;

	sigaction(SIGWINCH, &action, NULL);
	puts("set");
	for (int told = 0; told < 100; told++) {
		struct timespec moment = { 0, 20000000 };

		while (changes == told)
			nanosleep(&moment, NULL);
		ioctl(0, TIOCGWINSZ, &size);
		printf("winch %d %d\n", size.ws_col, size.ws_row);
	}
	return 0;
}

static int read_keys(void)
{
	struct timespec moment = { 0, 20000000 };
	struct termios saved, raw;
	unsigned char key = 0;

	puts("begun");
	while (access("raw", F_OK) != 0)
		nanosleep(&moment, NULL);
	tcgetattr(0, &saved);
	raw = saved;
	cfmakeraw(&raw);
	tcsetattr(0, TCSANOW, &raw);
	printf("raw\n");
	while (key != 'q' && read(0, &key, 1) == 1)
		printf("key %02x\n", key);
	tcsetattr(0, TCSADRAIN, &saved);
	puts("cooked");
	tcgetattr(0, &raw);
	printf("echo %d\n", (raw.c_lflag & ECHO) != 0);
	return 0;
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IONBF, 0);
	if (argc == 2 && strcmp(argv[1], "size") == 0)
		return watch_size();
	if (argc == 2 && strcmp(argv[1], "raw") == 0)
		return read_keys();
	return 64;
}
