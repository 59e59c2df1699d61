/* Passwords and the digests of secrets. Argon2id is libsodium's, with 64 MiB and three passes: about 80 ms of one core,
 * so that a stolen table of hashes is worth little. Random tokens need no slow hash: theirs is SM3. */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H
#include "base/str.h"

/* $argon2id$v=19$m=65536,t=3,p=1$salt$hash; new, in mem. */
struct str secret_hash(struct arena *mem, struct str password);
/* False also for a hash that is none. Takes as long whatever the password. */
bool secret_matches(struct str hash, struct str password);
/* Compares without telling by its time where they differ; empty is never the same. */
bool secret_same(struct str a, struct str b);
/* SM3 of a random token, hex: what is kept instead of it. */
struct str secret_digest(struct arena *mem, struct str token);
#endif
