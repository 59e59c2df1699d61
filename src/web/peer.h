/* Who is at the other end: addresses, networks, and the line of proxies a request came through. Pure. */
#ifndef WEB_PEER_H
#define WEB_PEER_H
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct sockaddr;
/* An IPv6 address; IPv4 as ::ffff:a.b.c.d. */
struct peer {
  unsigned char bytes[16];
};
struct peer_net {
  struct peer base;
  int bits; /* of the 128 that must agree */
};

bool peer_parse(struct str text, struct peer *out);         /* "10.0.0.7", "::1", "[::1]" */
bool peer_net_parse(struct str text, struct peer_net *out); /* the same, or with "/8" */
void peer_of_socket(const struct sockaddr *from, struct peer *out);
bool peer_is_loopback(const struct peer *p);
bool peer_in(const struct peer *p, const struct peer_net *nets, size_t n);
struct str peer_text(struct arena *mem, const struct peer *p);
/* The address that asked, when the request came from *io, one of the proxies: X-Forwarded-For read from its end, past
 * further proxies of ours. What stands before the first stranger is that stranger's word and is not looked at. */
void peer_forwarded(struct peer *io, struct str list, const struct peer_net *proxies, size_t n);

/* "127.0.0.1:8080", "[::1]:8080", "localhost:0": the host without brackets (borrowed) and the port. */
bool peer_listen_parse(struct str text, struct str *out_host, uint16_t *out_port);
#endif
