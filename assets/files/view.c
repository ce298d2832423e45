/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * `clump-view`: the files of another node as a folder of this one. It carries the messages of the kernel to that node
 * and back; when the connection ends, so does the view, and whoever waits in it gets an error at once.
 *
 * Arguments: connect=ADDRESS port=N target=FOLDER kind=view|mfs, and own=FOLDER for a folder of this node that stands in
 * place of the other's, as often as wanted. It says "mounted" when the folder can be used.
 */
#include "files.h"
#include "../deputy/programs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CONNECT_SECONDS = 5, READ_AHEAD_KILOBYTES = 1024, MOST_OWN = 8 };

struct view {
	const char *address, *port, *target, *kind;
	const char *own[MOST_OWN];
	int own_count;
	int socket, device;
};

static const char *target_of_view;
static pid_t replies;			/* the process that carries them */

/* Only root gets a port below 1024, which is what the server goes by. */
static bool take_port(int fd, int family)
{
	for (int port = IPPORT_RESERVED - 1; port > IPPORT_RESERVED / 2; port--) {
		struct sockaddr_in6 six = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
		struct sockaddr_in four = { .sin_family = AF_INET, .sin_port = htons(port) };
		int result = family == AF_INET6 ? bind(fd, (struct sockaddr *)&six, sizeof six)
						: bind(fd, (struct sockaddr *)&four, sizeof four);

		if (result == 0 || errno != EADDRINUSE)
			return result == 0;
	}
	return false;
}

static int connect_to(const struct view *view)
{
	struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM };
	struct timeval limit = { .tv_sec = CONNECT_SECONDS }, none = { 0 };
	struct addrinfo *address;

	if (getaddrinfo(view->address, view->port, &hints, &address) != 0) {
		errno = EINVAL;
		return -1;
	}
	int fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
	bool is_open = take_port(fd, address->ai_family) && connect(fd, address->ai_addr, address->ai_addrlen) == 0;
	int error = errno == EINPROGRESS ? ETIMEDOUT : errno;
	freeaddrinfo(address);
	if (!is_open) {
		errno = error;
		return -1;
	}
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &none, sizeof none);
	watch_connection(fd, strcmp(view->kind, "mfs") == 0 ? MFS_SILENCE : VIEW_SILENCE);
	return fd;
}

/* Why the other side will not; NULL when it will. */
static const char *greet(const struct view *view)
{
	static char line[GREETING_MOST];
	struct timeval none = { 0 };
	int length = snprintf(line, sizeof line, "clump-files 1 %s\n", view->kind);

	if (!write_all(view->socket, line, length) || !read_line(view->socket, line))
		return "it hung up";
	setsockopt(view->socket, SOL_SOCKET, SO_RCVTIMEO, &none, sizeof none);
	return strcmp(line, "ok") == 0 ? NULL : line;
}

static int mount_view(struct view *view)
{
	char options[80], source[128];
	unsigned long flags = MS_NODEV | (strcmp(view->kind, "mfs") == 0 ? MS_NOSUID : 0);

	view->device = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	if (view->device < 0 && errno == ENOENT) {
		/* A mount without a device fails, but the kernel loads its module first, which makes the device. */
		mount("none", view->target, "fuse", 0, "");
		view->device = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	}
	if (view->device < 0)
		return -1;
	snprintf(options, sizeof options, "fd=%d,rootmode=40755,user_id=0,group_id=0,allow_other", view->device);
	snprintf(source, sizeof source, "clump:%s", view->address);
	return mount(source, view->target, "fuse.clump", flags, options);
}

/* A fork that ends with this process, however that ends. */
static pid_t fork_bound(void)
{
	pid_t parent = getpid(), child = fork();

	if (child == 0 && (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent))
		_exit(1);
	return child;
}

/* From the socket to the kernel. */
static _Noreturn void carry_replies(const struct view *view)
{
	static unsigned char buffer[4 * MOST_MESSAGE];
	size_t held = 0;

	for (;;) {
		ssize_t count = read(view->socket, buffer + held, sizeof buffer - held);
		size_t at = 0;

		if (count <= 0)
			_exit(0);
		held += count;
		for (;;) {
			struct fuse_out_header head;

			if (held - at < sizeof head)
				break;
			memcpy(&head, buffer + at, sizeof head);
			if (head.len < sizeof head || head.len > MOST_MESSAGE)
				_exit(0);
			if (held - at < head.len)
				break;
			/* ENOENT: the program that asked was killed meanwhile. */
			if (write(view->device, buffer + at, head.len) < 0 && errno != ENOENT)
				_exit(0);
			at += head.len;
		}
		held -= at;
		memmove(buffer, buffer + at, held);
	}
}

/* From the kernel to the socket. True when the connection is lost, false when the view is unmounted. */
static bool carry_requests(const struct view *view)
{
	static unsigned char buffer[MOST_MESSAGE];

	for (;;) {
		ssize_t count = read(view->device, buffer, sizeof buffer);

		if (count < 0 && (errno == EINTR || errno == EAGAIN || errno == ENOENT))
			continue;
		if (count <= 0)
			return false;
		if (!write_all(view->socket, buffer, count))
			return true;
	}
}

static void end_view(int number)
{
	(void)number;
	/* MNT_FORCE ends what waits; the folder is an empty one again. */
	umount2(target_of_view, MNT_FORCE | MNT_DETACH);
	_exit(0);
}

/* Without its replies a view is of no use, nor is one that could not be finished. */
static void reap(int number)
{
	int status;
	pid_t ended;

	while (replies > 0 && (ended = waitpid(-1, &status, WNOHANG)) > 0)
		if (ended == replies || status != 0)
			end_view(number);
}

/* The kernel's 128 KiB are little for a network. A node without /sys goes without. */
static void read_ahead(const struct stat *root)
{
	char path[64];

	snprintf(path, sizeof path, "/sys/class/bdi/%u:%u/read_ahead_kb", major(root->st_dev), minor(root->st_dev));
	FILE *file = fopen(path, "w");
	if (file == NULL)
		return;
	fprintf(file, "%d", READ_AHEAD_KILOBYTES);
	fclose(file);
}

/*
 * What asks the view itself needs a process of its own. That must not have the device: the kernel answers what waits in a
 * view when the last process that has it has ended, and a process that waits for such an answer cannot be killed.
 */
static _Noreturn void finish_view(const struct view *view)
{
	char path[PATH_MAX];
	struct stat root;

	close(view->device);
	/* The first answer: the kernels have agreed by then. */
	if (stat(view->target, &root) < 0)
		_exit(1);
	read_ahead(&root);
	for (int index = 0; index < view->own_count; index++) {
		snprintf(path, sizeof path, "%s%s", view->target, view->own[index]);
		if (mount(view->own[index], path, NULL, MS_BIND | MS_REC, NULL) < 0) {
			fprintf(stderr, "Cannot put %s over %s: %s\n", view->own[index], path, strerror(errno));
			_exit(1);
		}
	}
	_exit(write(1, "mounted\n", 8) == 8 ? 0 : 1);
}

static bool read_argument(struct view *view, char *argument)
{
	const struct { const char *name; const char **text; } texts[] = {
		{ "connect=", &view->address }, { "port=", &view->port },
		{ "target=", &view->target }, { "kind=", &view->kind },
	};

	for (unsigned index = 0; index < sizeof texts / sizeof *texts; index++)
		if (strncmp(argument, texts[index].name, strlen(texts[index].name)) == 0)
			return *texts[index].text = argument + strlen(texts[index].name), true;
	if (strncmp(argument, "own=", 4) != 0 || view->own_count == MOST_OWN)
		return false;
	view->own[view->own_count++] = argument + 4;
	return true;
}

static int refuse(const struct view *view, const char *why)
{
	fprintf(stderr, "Cannot see the files of %s: %s\n", view->address, why);
	return 1;
}

static void keep_alive(void)
{
	FILE *file = fopen("/proc/self/oom_score_adj", "w");

	/* When memory is short, a view must not end before those who use it. */
	if (file == NULL)
		return;
	fputs("-1000", file);
	fclose(file);
}

int run_view(int argc, char **argv)
{
	struct view view = { .address = "127.0.0.1", .port = "5431", .kind = "view" };

	for (int index = 1; index < argc; index++)
		if (!read_argument(&view, argv[index])) {
			fprintf(stderr, "Cannot read %s: an argument like port=5431 was wanted\n", argv[index]);
			return 64;
		}
	if (view.target == NULL)
		return refuse(&view, "target=FOLDER was wanted");
	signal(SIGPIPE, SIG_IGN);
	view.socket = connect_to(&view);
	if (view.socket < 0)
		return refuse(&view, strerror(errno));
	const char *why = greet(&view);
	if (why != NULL)
		return refuse(&view, why);
	if (mount_view(&view) < 0)
		return refuse(&view, strerror(errno));
	target_of_view = view.target;
	/* Below /mfs it stays in the group of those who may look while others wait for it. */
	if (strcmp(view.kind, "mfs") != 0)
		setsid();
	keep_alive();
	signal(SIGCHLD, reap);
	signal(SIGTERM, end_view);
	replies = fork_bound();
	if (replies == 0) {
		signal(SIGTERM, SIG_DFL);
		signal(SIGCHLD, SIG_DFL);
		carry_replies(&view);
	}
	raise(SIGCHLD);
	if (fork_bound() == 0)
		finish_view(&view);
	if (carry_requests(&view))
		end_view(0);
	return 0;
}
