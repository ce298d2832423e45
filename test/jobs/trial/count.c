/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A job that can be written and restored without criu(8), which cannot run on every kernel; and the program that does so.
 *
 * count STEPS STATUS MEGABYTES STEP SUM: prints a line a step, each 50 ms, until that many or SIGUSR1, then a sum of all
 * steps, and ends with the status. STEP and SUM have ten digits and are where it stands: it changes its own arguments.
 *
 * criu dump|pre-dump|restore ...: for such a job, with the arguments of criu(8). The image "count.img" holds what the
 * process is made of, a line each: pid, group, session, folder, program, arguments, and each descriptor.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PASSED_MARK "resumes"	/* as programs.h has it */

enum { DIGITS = 10, FIRST_OWN = 10, ARGUMENTS = 6, STEP = 4, SUM = 5 };

static volatile sig_atomic_t ends;

static void end(int signal)
{
	(void)signal;
	ends = 1;
}

/* FNV-1a. */
static uint32_t sum_with(uint32_t sum, unsigned long step)
{
	return (sum ^ (uint32_t)step) * 16777619u;
}

static int count(char **argv)
{
	unsigned long steps = strtoul(argv[1], NULL, 10), step = strtoul(argv[4], NULL, 10);
	uint32_t sum = strtoul(argv[5], NULL, 10);
	size_t size = (size_t)atoi(argv[3]) << 20;
	char *memory = malloc(size);
	struct timespec nap = { 0, 50000000 };
	char text[64];

	if (memory == NULL)
		return 1;
	memset(memory, 1, size);
	signal(SIGUSR1, end);
	for (; step < steps && !ends; nanosleep(&nap, NULL)) {
		int length = snprintf(text, sizeof text, "job %lu\n", step);

		if (write(1, text, length) != length)
			return 1;
		sum = sum_with(sum, step);
		snprintf(text, sizeof text, "%0*lu", DIGITS, ++step);
		memcpy(argv[4], text, DIGITS);
		snprintf(text, sizeof text, "%0*u", DIGITS, sum);
		memcpy(argv[5], text, DIGITS);
	}
	dprintf(1, "job end %u\n", sum);
	return atoi(argv[2]);
}

static const char *option(char **argv, const char *name)
{
	for (; *argv != NULL; argv++)
		if (strcmp(*argv, name) == 0)
			return argv[1];
	return "";
}

static ssize_t read_file(const char *path, char *text, size_t size)
{
	int file = open(path, O_RDONLY);
	ssize_t length = file < 0 ? -1 : read(file, text, size - 1);

	close(file);
	if (length >= 0)
		text[length] = 0;
	return length;
}

static int complain(const char *log, const char *why)
{
	FILE *file = fopen(log, "w");

	if (file == NULL)
		return 1;
	fprintf(file, "(00.000001) Error (count.c): %s\n", why);
	fclose(file);
	return 1;
}

/* A process that was frozen in its nap has printed the line of its step. */
static int naps(const char *pid)
{
	char path[64], text[256];

	snprintf(path, sizeof path, "/proc/%s/syscall", pid);
	return read_file(path, text, sizeof text) > 0 &&
	       (atoi(text) == SYS_nanosleep || atoi(text) == SYS_clock_nanosleep || atoi(text) == SYS_restart_syscall);
}

static void print_link(FILE *image, const char *pid, const char *name)
{
	char path[64], target[512];
	snprintf(path, sizeof path, "/proc/%s/%s", pid, name);
	ssize_t length = readlink(path, target, sizeof target - 1);

	fprintf(image, "%.*s\n", (int)(length < 0 ? 0 : length), target);
}

static const char *word(const char *text, ssize_t length, int index)
{
	ssize_t at = 0;

	for (; index > 0 && at < length; index--)
		at += strlen(text + at) + 1;
	return at < length ? text + at : "";
}

/*
 * Between two naps a process has written the line of its step or not: the end of its file tells. Gives the step whose
 * line is next, -1 where the output is no such file.
 */
static long next_step(const char *pid, const char *step)
{
	char path[64], text[64] = "";
	unsigned long last;

	snprintf(path, sizeof path, "/proc/%s/fd/1", pid);
	int file = open(path, O_RDONLY);
	off_t size = lseek(file, 0, SEEK_END);
	if (size > 0)
		pread(file, text, sizeof text - 1, size < (off_t)sizeof text ? 0 : size - (off_t)sizeof text + 1);
	close(file);
	const char *line = strrchr(text, 'j');
	if (line == NULL || sscanf(line, "job %lu", &last) != 1)
		return -1;
	/* The step of its arguments is that of the line, or the next one. */
	return last >= strtoul(step, NULL, 10) ? last + 1 : strtoul(step, NULL, 10);
}

static uint32_t sum_before(long step)
{
	uint32_t sum = 2166136261u;

	for (long each = 0; each < step; each++)
		sum = sum_with(sum, each);
	return sum;
}

/* Waits for the end of the options, and gives what is behind "tree "; of a pipe /proc/self/fd/N the end is closed. */
static const char *read_options(char **argv)
{
	static char bytes[64];
	const char *path = option(argv, "--config");
	int options = open(path, O_RDONLY);
	ssize_t length = 0, count;

	while ((count = read(options, bytes + length, sizeof bytes - 1 - length)) > 0)
		length += count;
	close(options);
	if (strncmp(path, "/proc/self/fd/", 14) == 0)
		close(atoi(path + 14));
	bytes[strcspn(bytes, "\n")] = 0;
	return strncmp(bytes, "tree ", 5) == 0 ? bytes + 5 : NULL;
}

static int dump(char **argv)
{
	const char *pid = option(argv, "--tree");
	char path[512], text[1024];
	long between = 0;

	if (*pid == 0 && (pid = read_options(argv)) == NULL)
		return 1;
	if (chdir(option(argv, "--images-dir")) < 0)
		return 1;
	snprintf(path, sizeof path, "/proc/%s/cmdline", pid);
	ssize_t length = read_file(path, text, sizeof text);
	if (!naps(pid) && (between = next_step(pid, word(text, length, STEP))) < 0)
		return complain(option(argv, "--log-file"), "the process is between two naps, and its output tells nothing");
	FILE *image = fopen("count.img", "w");
	if (image == NULL)
		return 1;
	fprintf(image, "%s\n%d\n%d\n", pid, getpgid(atoi(pid)), getsid(atoi(pid)));
	print_link(image, pid, "cwd");
	print_link(image, pid, "exe");
	for (int index = 0; index < ARGUMENTS; index++)
		if (between > 0 && index == STEP)
			fprintf(image, "%0*ld\n", DIGITS, between);
		else if (between > 0 && index == SUM)
			fprintf(image, "%0*u\n", DIGITS, sum_before(between));
		else
			fprintf(image, "%s\n", word(text, length, index));
	for (int fd = 0; fd < FIRST_OWN; fd++) {
		char name[16];
		unsigned long position = 0;
		unsigned flags = 0;

		snprintf(path, sizeof path, "/proc/%s/fdinfo/%d", pid, fd);
		if (read_file(path, text, sizeof text) < 0)
			continue;
		sscanf(text, "pos: %lu flags: %o", &position, &flags);
		fprintf(image, "%d %lu %u ", fd, position, flags);
		snprintf(name, sizeof name, "fd/%d", fd);
		print_link(image, pid, name);
	}
	return fclose(image) == 0 ? 0 : 1;
}

static int run_script(const char *script, const char *stage)
{
	int status;

	setenv("CRTOOLS_SCRIPT_ACTION", stage, 1);
	pid_t child = fork();
	if (child == 0) {
		execl(script, script, (char *)NULL);
		_exit(127);
	}
	waitpid(child, &status, 0);
	return status;
}

/* "fd[7]:KEY": the descriptor that stands for that file. */
static int inherited(char **argv, const char *file)
{
	for (; *argv != NULL; argv++) {
		const char *key = strcmp(*argv, "--inherit-fd") == 0 ? strchr(argv[1], ':') + 1 : NULL;

		if (key != NULL && (strcmp(key, file) == 0 || (*file == '/' && strcmp(key, file + 1) == 0)))
			return atoi(argv[1] + strlen("fd["));
	}
	return -1;
}

static void close_inherited(char **argv)
{
	for (; *argv != NULL; argv++)
		if (strcmp(*argv, "--inherit-fd") == 0)
			close(atoi(argv[1] + strlen("fd[")));
}

static char *take_line(FILE *image)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t length = getline(&line, &size, image);

	if (length <= 0)
		_exit(1);
	line[length - 1] = 0;
	return line;
}

/*
 * Its criu was killed: once the script has seen the stage "pre-resume", which leaves a mark with a byte in it, the process
 * runs all the same. Otherwise its namespace ends.
 */
static void await_mark(int images)
{
	struct stat mark;

	while (fstatat(images, PASSED_MARK, &mark, 0) < 0 || mark.st_size == 0)
		usleep(1000);
}

/* The restored process: it waits for the end of the script before it runs anything of the job. */
static _Noreturn void become(char **argv, FILE *image, int group, int session, int go)
{
	char *folder = take_line(image), *program = take_line(image), *words[ARGUMENTS + 1] = { NULL }, byte;
	int images = fcntl(open(".", O_DIRECTORY | O_CLOEXEC), F_DUPFD_CLOEXEC, FIRST_OWN);

	for (int index = 0; index < ARGUMENTS; index++)
		words[index] = take_line(image);
	if (session == getpid())
		setsid();
	else if (group == getpid())
		setpgid(0, 0);
	for (;;) {
		unsigned long position;
		unsigned flags;
		int fd;
		char file[512];

		if (fscanf(image, "%d %lu %u %511[^\n]\n", &fd, &position, &flags, file) != 4)
			break;
		int from = inherited(argv, file);
		int own = from < 0 && *file == '/' ? open(file, flags & ~(unsigned)(O_CREAT | O_TRUNC | O_EXCL)) : from;
		if (own < 0)
			_exit(1);
		if (from < 0)
			lseek(own, position, SEEK_SET);
		dup2(own, fd);
		if (from < 0 && own != fd)
			close(own);
	}
	if (chdir(folder) < 0)
		_exit(1);
	if (read(go, &byte, 1) != 1)
		await_mark(images);
	close_inherited(argv);
	execv(program, words);
	_exit(127);
}

static int restore(char **argv)
{
	const char *folder = option(argv, "-D"), *script = option(argv, "--action-script"), *log = option(argv, "-o");
	int go[2];

	read_options(argv);
	if (chdir(folder) < 0)
		return 1;
	FILE *image = fopen("count.img", "re");
	if (image == NULL || pipe2(go, O_CLOEXEC) < 0)
		return complain(log, "there is no image");
	/* Below are those of the job. */
	int word = fcntl(go[0], F_DUPFD_CLOEXEC, FIRST_OWN);
	pid_t pid = atoi(take_line(image));
	int group = atoi(take_line(image)), session = atoi(take_line(image));
	struct clone_args how = { .flags = CLONE_PARENT, .set_tid = (uintptr_t)&pid, .set_tid_size = 1 };
	/* Whoever looks for criu(8) by its words does not mean the restored process, not even at its first moment. */
	char first = *argv[1];
	*argv[1] = 0;
	long child = syscall(SYS_clone3, &how, sizeof how);
	if (child != 0)
		*argv[1] = first;
	if (child < 0)
		return complain(log, strerror(errno));
	if (child == 0) {
		close(go[1]);
		close(go[0]);
		become(argv, image, group, session, word);
	}
	setenv("CRTOOLS_IMAGE_DIR", folder, 1);
	if (run_script(script, "post-restore") != 0) {
		kill(pid, SIGKILL);
		return complain(log, "the script has refused");
	}
	run_script(script, "pre-resume");
	return write(go[1], "g", 1) == 1 ? 0 : 1;
}

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "dump") == 0)
		return dump(argv);
	if (argc > 1 && strcmp(argv[1], "restore") == 0)
		return restore(argv);
	if (argc > 1 && strcmp(argv[1], "pre-dump") == 0)
		return 1;
	return argc == ARGUMENTS ? count(argv) : 64;
}
