/* What other files of the store may know of a session. Private to src/store. */
#ifndef STORE_SESSION_H
#define STORE_SESSION_H
struct store;
struct connection;
struct connection *store_connection(struct store *session); /* of an act or a reader */
#endif
