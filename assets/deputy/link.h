/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A link between a deputy at home and the guest it stands for abroad. The daemons between them relay bytes; a relay
 * that dies loses nothing: both ends keep each frame until the other end has acknowledged it, connect again, say how
 * many frames they have received, and go on behind that frame.
 *
 * A guest that was lost with its node may be started again, from its image: then a link begins with no frame either way,
 * and its number of starts is one more. The end that has the lower number begins anew.
 *
 * On the wire each end begins with the line "clump-link 1 JOB RECEIVED\n", or "clump-link 1 JOB RECEIVED STARTS\n"
 * where STARTS is not 0. A frame is its type (1 byte), its channel
 * (1 byte: the descriptor it concerns), the length of its payload (2 bytes, big-endian) and the payload. A frame of
 * type 'A' acknowledges: its payload is the number of frames received so far (4 bytes, big-endian).
 */
#ifndef CLUMP_LINK_H
#define CLUMP_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FRAME_HEAD = 4, FRAME_MOST = 4096, LINK_ROOM = 65536 };

struct link {
	const char *path;		/* of the daemon's UNIX socket */
	const char *job;
	int fd;				/* -1 while there is no connection */
	long wait, next_try;		/* milliseconds: from a try to the next, and the clock at which that may be */
	unsigned starts;		/* how often the guest has been started again */
	bool (*begin_anew)(void *owner);/* called before the first frame of such a guest; false: the last one has ended */
	bool greeted;			/* the other end's line has been read */
	bool holds;			/* its frames wait until link_release() */
	uint32_t received, acknowledged;/* frames of theirs; frames of ours */
	uint32_t told;			/* what the other end was last told of `received` */
	unsigned start, next, end;	/* of `out`: first kept byte, next byte to write, end */
	unsigned left;			/* bytes of a frame that has been written in part */
	unsigned filled;		/* bytes of `in` */
	unsigned char out[LINK_ROOM], in[FRAME_HEAD + FRAME_MOST + 256];
};

typedef void take_frame(void *owner, int type, int channel, const unsigned char *payload, unsigned length);

/* Connects where there is no connection, and the time for it has come; without success the caller tries again. */
void link_connect(struct link *link);
/* Ends the connection; what is not acknowledged is sent again on the next. */
void link_hang_up(struct link *link);
/* Milliseconds until link_connect() may try, for poll(2); -1 where there is a connection. */
int link_patience(const struct link *link);
/* Events of poll(2) that the link waits for. */
short link_events(const struct link *link);
/* Whether a frame of the greatest length has room; who has more to send waits for it. */
bool link_has_room(const struct link *link);
/* Keeps a frame and sends it when the connection takes it. The caller has asked link_has_room(). */
void link_send(struct link *link, int type, int channel, const void *payload, unsigned length);
void link_send_number(struct link *link, int type, int channel, int32_t number);
/* Reads and writes what poll(2) reported, and hands over each frame. A lost connection is closed. */
void link_turn(struct link *link, short events, take_frame *take, void *owner);
/* Hands over the frames that have waited, and all from then on as they come. */
void link_release(struct link *link, take_frame *take, void *owner);
/* Forgets all that was sent and received, but signals that have not arrived. */
void link_begin_anew(struct link *link);
/* Whether all that was sent has arrived. */
bool link_is_done(const struct link *link);

uint32_t number_at(const unsigned char *bytes);
void put_number(unsigned char *bytes, uint32_t number);

#endif
