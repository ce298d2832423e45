/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "files.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

enum { QUESTIONS = 3 };

bool read_all(int fd, void *bytes, size_t length)
{
	for (size_t at = 0; at < length;) {
		ssize_t count = read(fd, (char *)bytes + at, length - at);

		if (count == 0 || (count < 0 && errno != EINTR))
			return false;
		at += count < 0 ? 0 : count;
	}
	return true;
}

bool write_all(int fd, const void *bytes, size_t length)
{
	for (size_t at = 0; at < length;) {
		ssize_t count = send(fd, (const char *)bytes + at, length - at, MSG_NOSIGNAL);

		if (count < 0 && errno != EINTR)
			return false;
		at += count < 0 ? 0 : count;
	}
	return true;
}

bool read_line(int fd, char *line)
{
	for (int at = 0; at < GREETING_MOST; at++) {
		if (!read_all(fd, line + at, 1))
			return false;
		if (line[at] == '\n') {
			line[at] = 0;
			return true;
		}
	}
	return false;
}

void watch_connection(int socket, int seconds)
{
	int part = seconds / (QUESTIONS + 1);
	const struct { int level, name, value; } options[] = {
		{ IPPROTO_TCP, TCP_NODELAY, 1 },
		{ SOL_SOCKET, SO_KEEPALIVE, 1 },
		{ IPPROTO_TCP, TCP_KEEPIDLE, part },
		{ IPPROTO_TCP, TCP_KEEPINTVL, part },
		{ IPPROTO_TCP, TCP_KEEPCNT, QUESTIONS },
		{ IPPROTO_TCP, TCP_USER_TIMEOUT, 1000 * seconds },
	};

	for (unsigned index = 0; index < sizeof options / sizeof *options; index++)
		setsockopt(socket, options[index].level, options[index].name, &options[index].value,
			   sizeof options[index].value);
}
