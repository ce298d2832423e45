/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * `clump-files`: the server of this node's files, a process for each connection.
 *
 * Arguments: listen=ADDRESS port=N root=FOLDER closed=PATH users=PATH, and hide=PATH as often as wanted. Connections of
 * the kind "mfs" are refused, and ended, while the file `closed` is there. The listener ends with its standard input, and
 * then leaves the connections alone; SIGTERM ends both.
 *
 * The other side says for which user it asks. So it must be root of another node: it comes from a port below 1024, not
 * from this node (self=yes lets it, for tests), and over IPv6 from the /64 of the address that is listened on. With
 * users=PATH that node is not trusted with all users: uid 0 is not served, and guests' files are those of the users whose
 * uids are in that file (limit_users()).
 */
#include "files.h"
#include "../deputy/programs.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST_HIDDEN = 16, BACKLOG = 16, RETRY_MILLISECONDS = 20, GREETING_SECONDS = 5, MINOR = 31,
       NETWORK_BYTES = 8 };

struct server {
	const char *address, *port, *root, *closed, *self, *users;
	char *hidden[MOST_HIDDEN];
	int hidden_count;
};

static int connection;

static int do_init(const struct request *request, struct reply *reply)
{
	const struct fuse_init_in *in = request->in;
	struct fuse_init_out *out = (struct fuse_init_out *)reply->data;
	const unsigned wanted = FUSE_ASYNC_READ | FUSE_POSIX_LOCKS | FUSE_FLOCK_LOCKS | FUSE_ATOMIC_O_TRUNC |
		FUSE_BIG_WRITES | FUSE_AUTO_INVAL_DATA | FUSE_PARALLEL_DIROPS | FUSE_HANDLE_KILLPRIV |
		FUSE_MAX_PAGES | FUSE_ASYNC_DIO | FUSE_CACHE_SYMLINKS;

	if (in->major != FUSE_KERNEL_VERSION || in->minor < MINOR)
		return -EPROTO;
	*out = (struct fuse_init_out){
		.major = FUSE_KERNEL_VERSION, .minor = MINOR, .max_readahead = in->max_readahead,
		.flags = in->flags & wanted, .max_background = 32, .congestion_threshold = 24,
		.max_write = MOST_DATA, .max_pages = MOST_DATA / 4096, .time_gran = 1,
	};
	reply->length = sizeof *out;
	return 0;
}

static int do_forget(const struct request *request, struct reply *reply)
{
	(void)reply;
	forget_node(request->head.nodeid, ((const struct fuse_forget_in *)request->in)->nlookup);
	return NO_REPLY;
}

static int do_batch_forget(const struct request *request, struct reply *reply)
{
	unsigned count = ((const struct fuse_batch_forget_in *)request->in)->count;
	const struct fuse_forget_one *ones = (const struct fuse_forget_one *)request->rest;

	(void)reply;
	for (unsigned index = 0; index < count && index < request->rest_length / sizeof *ones; index++)
		forget_node(ones[index].nodeid, ones[index].nlookup);
	return NO_REPLY;
}

/* What is behind the header of each operation: a fixed part, and names. */
static const struct {
	operation *run;
	unsigned short size;
	unsigned char names;
	bool needs_node;
} OPERATIONS[] = {
	[FUSE_INIT] = { do_init, 16, 0, false },
	[FUSE_FORGET] = { do_forget, sizeof(struct fuse_forget_in), 0, false },
	[FUSE_BATCH_FORGET] = { do_batch_forget, sizeof(struct fuse_batch_forget_in), 0, false },
	[FUSE_INTERRUPT] = { do_interrupt, sizeof(struct fuse_interrupt_in), 0, false },
	[FUSE_LOOKUP] = { do_lookup, 0, 1, true },
	[FUSE_GETATTR] = { do_getattr, sizeof(struct fuse_getattr_in), 0, true },
	[FUSE_SETATTR] = { do_setattr, sizeof(struct fuse_setattr_in), 0, true },
	[FUSE_READLINK] = { do_readlink, 0, 0, true },
	[FUSE_SYMLINK] = { do_symlink, 0, 2, true },
	[FUSE_MKNOD] = { do_mknod, sizeof(struct fuse_mknod_in), 1, true },
	[FUSE_MKDIR] = { do_mkdir, sizeof(struct fuse_mkdir_in), 1, true },
	[FUSE_UNLINK] = { do_unlink, 0, 1, true },
	[FUSE_RMDIR] = { do_rmdir, 0, 1, true },
	[FUSE_RENAME] = { do_rename, sizeof(struct fuse_rename_in), 2, true },
	[FUSE_RENAME2] = { do_rename2, sizeof(struct fuse_rename2_in), 2, true },
	[FUSE_LINK] = { do_link, sizeof(struct fuse_link_in), 1, true },
	[FUSE_ACCESS] = { do_access, sizeof(struct fuse_access_in), 0, true },
	[FUSE_STATFS] = { do_statfs, 0, 0, true },
	[FUSE_OPEN] = { do_open, sizeof(struct fuse_open_in), 0, true },
	[FUSE_OPENDIR] = { do_opendir, sizeof(struct fuse_open_in), 0, true },
	[FUSE_CREATE] = { do_create, sizeof(struct fuse_create_in), 1, true },
	[FUSE_READ] = { do_read, sizeof(struct fuse_read_in), 0, true },
	[FUSE_READDIR] = { do_readdir, sizeof(struct fuse_read_in), 0, true },
	[FUSE_WRITE] = { do_write, sizeof(struct fuse_write_in), 0, true },
	[FUSE_FLUSH] = { do_flush, sizeof(struct fuse_flush_in), 0, true },
	[FUSE_FSYNC] = { do_fsync, sizeof(struct fuse_fsync_in), 0, true },
	[FUSE_FSYNCDIR] = { do_fsync, sizeof(struct fuse_fsync_in), 0, true },
	[FUSE_RELEASE] = { do_release, sizeof(struct fuse_release_in), 0, true },
	[FUSE_RELEASEDIR] = { do_release, sizeof(struct fuse_release_in), 0, true },
	[FUSE_FALLOCATE] = { do_fallocate, sizeof(struct fuse_fallocate_in), 0, true },
	[FUSE_LSEEK] = { do_lseek, sizeof(struct fuse_lseek_in), 0, true },
	[FUSE_GETLK] = { do_getlk, sizeof(struct fuse_lk_in), 0, true },
	[FUSE_SETLK] = { do_setlk, sizeof(struct fuse_lk_in), 0, true },
	[FUSE_SETLKW] = { do_setlkw, sizeof(struct fuse_lk_in), 0, true },
};

static void send_reply(struct reply *reply)
{
	reply->head.len = sizeof reply->head + reply->length;
	if (!write_all(connection, &reply->head, reply->head.len))
		exit(0);
}

static void send_error(uint64_t unique, int error)
{
	struct fuse_out_header head = { sizeof head, error, unique };

	if (!write_all(connection, &head, sizeof head))
		exit(0);
}

/* One name of a folder, as a path must not be: it is looked up here, where links lead elsewhere. */
static bool is_name(const char *text)
{
	return *text != 0 && strchr(text, '/') == NULL && strcmp(text, ".") != 0 && strcmp(text, "..") != 0;
}

static bool read_names(struct request *request, int names)
{
	const char *at = (const char *)request->rest, *end = at + request->rest_length;

	for (int index = 0; index < names; index++) {
		const char *stop = memchr(at, 0, end - at);

		if (stop == NULL)
			return false;
		*(index == 0 ? &request->name : &request->other) = at;
		at = stop + 1;
	}
	bool is_path = request->head.opcode == FUSE_SYMLINK;
	return names == 0 || (is_name(request->name) && (names == 1 || is_path || is_name(request->other)));
}

static int run(struct request *request, size_t length, struct reply *reply)
{
	unsigned code = request->head.opcode;

	if (code >= sizeof OPERATIONS / sizeof *OPERATIONS || OPERATIONS[code].run == NULL)
		return -ENOSYS;
	if (length < OPERATIONS[code].size)
		return -EINVAL;
	request->rest = (const unsigned char *)request->in + OPERATIONS[code].size;
	request->rest_length = length - OPERATIONS[code].size;
	if (!read_names(request, OPERATIONS[code].names))
		return -EINVAL;
	if (!OPERATIONS[code].needs_node)
		return OPERATIONS[code].run(request, reply);
	request->node = find_node(request->head.nodeid);
	if (request->node == NULL)
		return -ESTALE;
	if (request->node->is_hidden && (OPERATIONS[code].names > 0 || code == FUSE_SETATTR))
		return code == FUSE_LOOKUP ? -ENOENT : -EACCES;
	return run_as(request->head.uid, request->head.gid, OPERATIONS[code].run, request, reply);
}

static _Noreturn void answer_all(const char *closed)
{
	static unsigned char body[MOST_MESSAGE];
	static struct reply reply;
	struct request request;

	for (;;) {
		struct pollfd polled = { connection, POLLIN, 0 };

		if (awaits_locks() && poll(&polled, 1, RETRY_MILLISECONDS) == 0) {
			retry_locks(send_error);
			continue;
		}
		memset(&request, 0, sizeof request);
		if (!read_all(connection, &request.head, sizeof request.head))
			exit(0);
		size_t length = request.head.len - sizeof request.head;
		if (request.head.len < sizeof request.head || length > sizeof body ||
		    !read_all(connection, body, length) || (closed != NULL && access(closed, F_OK) == 0))
			exit(0);
		request.in = body;
		reply.length = 0;
		int result = run(&request, length, &reply);
		reply.head = (struct fuse_out_header){ .unique = request.head.unique };
		if (result == 0)
			send_reply(&reply);
		else if (result != NO_REPLY && request.head.opcode != FUSE_FORGET &&
			 request.head.opcode != FUSE_BATCH_FORGET)
			send_error(request.head.unique, result);
	}
}

static int port_of(const struct sockaddr_storage *address)
{
	return ntohs(address->ss_family == AF_INET6 ? ((const struct sockaddr_in6 *)address)->sin6_port
						    : ((const struct sockaddr_in *)address)->sin_port);
}

static bool may_ask(const struct server *server, int socket)
{
	struct sockaddr_storage peer, own;
	socklen_t length = sizeof peer, own_length = sizeof own;
	bool is_self, is_near = true;

	if (getpeername(socket, (struct sockaddr *)&peer, &length) < 0 ||
	    getsockname(socket, (struct sockaddr *)&own, &own_length) < 0 || port_of(&peer) >= IPPORT_RESERVED)
		return false;
	if (peer.ss_family == AF_INET6) {
		const struct in6_addr *there = &((struct sockaddr_in6 *)&peer)->sin6_addr;
		const struct in6_addr *here = &((struct sockaddr_in6 *)&own)->sin6_addr;

		is_near = memcmp(there, here, NETWORK_BYTES) == 0;
		is_self = memcmp(there, here, sizeof *here) == 0;
	} else {
		is_self = ((struct sockaddr_in *)&peer)->sin_addr.s_addr == ((struct sockaddr_in *)&own)->sin_addr.s_addr;
	}
	return is_near && (!is_self || strcmp(server->self, "yes") == 0);
}

static _Noreturn void serve(struct server *server, int socket)
{
	static const char ok[] = "ok\n", strange[] = "it does not speak this release's language\n";
	static const char refused[] = "it lets nobody see its files (mosctl nomfs)\n";
	char greeting[GREETING_MOST];
	const char *answer = ok;

	if (!may_ask(server, socket))
		exit(0);
	connection = socket;
	alarm(GREETING_SECONDS);
	if (!read_line(socket, greeting))
		exit(0);
	alarm(0);
	bool is_mfs = strcmp(greeting, "clump-files 1 mfs") == 0;
	watch_connection(socket, is_mfs ? MFS_SILENCE : VIEW_SILENCE);
	if (!is_mfs && strcmp(greeting, "clump-files 1 view") != 0)
		answer = strange;
	else if (is_mfs && access(server->closed, F_OK) == 0)
		answer = refused;
	if (!write_all(socket, answer, strlen(answer)) || answer != ok)
		exit(0);
	umask(0);
	if (server->users != NULL)
		limit_users(server->users, is_mfs);
	start_nodes(server->root, server->hidden, server->hidden_count);
	answer_all(is_mfs ? server->closed : NULL);
}

static int start_listening(const struct server *server)
{
	struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE, .ai_socktype = SOCK_STREAM };
	struct addrinfo *address;
	int on = 1;

	if (getaddrinfo(server->address, server->port, &hints, &address) != 0) {
		errno = EINVAL;
		return -1;
	}
	int fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	int failed = bind(fd, address->ai_addr, address->ai_addrlen) < 0 || listen(fd, BACKLOG) < 0;
	freeaddrinfo(address);
	return failed ? -1 : fd;
}

static void end_all(int number)
{
	(void)number;
	signal(SIGTERM, SIG_DFL);
	kill(0, SIGTERM);
	_exit(0);
}

static bool read_argument(struct server *server, char *argument)
{
	const struct { const char *name; const char **text; } texts[] = {
		{ "listen=", &server->address }, { "port=", &server->port },
		{ "root=", &server->root }, { "closed=", &server->closed }, { "self=", &server->self }, { "users=", &server->users },
	};

	for (unsigned index = 0; index < sizeof texts / sizeof *texts; index++)
		if (strncmp(argument, texts[index].name, strlen(texts[index].name)) == 0)
			return *texts[index].text = argument + strlen(texts[index].name), true;
	if (strncmp(argument, "hide=", 5) != 0 || server->hidden_count == MOST_HIDDEN)
		return false;
	server->hidden[server->hidden_count++] = argument + 5;
	return true;
}

int run_files(int argc, char **argv)
{
	struct server server = { .address = "127.0.0.1", .port = "5431", .root = "/", .closed = "/none",
				 .self = "no" };
	struct pollfd polled[2] = { { 0, POLLIN, 0 }, { 0, POLLIN, 0 } };

	for (int index = 1; index < argc; index++)
		if (!read_argument(&server, argv[index])) {
			fprintf(stderr, "Cannot read %s: an argument like port=5431 was wanted\n", argv[index]);
			return 64;
		}
	int fd = start_listening(&server);
	if (fd < 0) {
		fprintf(stderr, "Cannot serve files at %s port %s: %s\n", server.address, server.port, strerror(errno));
		return 1;
	}
	setsid();
	signal(SIGTERM, end_all);
	signal(SIGCHLD, SIG_IGN);
	puts("listens");
	fflush(stdout);
	polled[1].fd = fd;
	for (;;) {
		char byte;

		if (poll(polled, 2, -1) < 0)
			continue;
		if (polled[0].revents && read(0, &byte, 1) <= 0)
			return 0;
		int socket = polled[1].revents ? accept(fd, NULL, NULL) : -1;
		if (socket >= 0 && fork() == 0) {
			signal(SIGTERM, SIG_DFL);
			close(fd);
			serve(&server, socket);
		}
		if (socket >= 0)
			close(socket);
	}
}
