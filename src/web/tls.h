/* The server's certificate: read from two files, handed to each handshake, read again when the files change. */
#ifndef WEB_TLS_H
#define WEB_TLS_H
#include "base/err.h"

struct tls;
/* Protocols and ciphers that may be spoken, as GnuTLS writes them. */
extern const char tls_priorities[];

/* Refuses what cannot be read, a key that does not belong to the certificate, one whose time is over, and a key file
 * that everybody may read. */
MUST_CHECK bool tls_check(struct str certificate, struct str key, struct err *e);
/* The same, kept. One at a time in a process: the callback of a handshake knows nothing of who started it. */
MUST_CHECK bool tls_open(struct str certificate, struct str key, struct tls **out, struct err *e);
/* Reads the files again when they differ from what is served, or in any case with `now`. What cannot be used leaves the
 * old one in place. True when another one is served from here on; *e says what was wrong. */
bool tls_renew(struct tls *t, bool now, struct err *e);
void tls_close(struct tls *t); /* no handshake may be under way; accepts NULL */

/* For libmicrohttpd (a gnutls_certificate_retrieve_function2). */
void *tls_callback(void);
#endif
