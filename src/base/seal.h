/* Values that may not stand readable in the database: sealed under the key of their compartment, from a key ring that
 * is a file outside the database.
 *
 * A cell is text: `sm4.7.BASE64` or `aes.7.BASE64`, the suite, the number of the key, and the bytes
 *   sm4   iv (16) ‖ SM4-CTR(value) ‖ HMAC-SM3 over head, place, iv and cipher text (32): encrypt, then authenticate
 *   aes   iv (12) ‖ AES-256-GCM(value) ‖ tag (16), head and place as associated data
 * Both bind tenant, table, column and row, so that a cell that is moved to another place does not open. The keys of a
 * suite are derived from the ring's 32-byte secret by HMAC-SM3. For one key, AES-GCM allows 2^32 cells.
 *
 * A lookup hash (HMAC-SM3 under a key of its own, which is never changed) finds equal values without opening any.
 *
 * The ring (made by `gangmu keys new`, mode 0600, refused when others may read it) is YAML; see docs/record.md. A running
 * server sees a changed ring within a second. All functions may be called from several threads. */
#ifndef BASE_SEAL_H
#define BASE_SEAL_H
#include "base/err.h"

struct keys;
enum seal_suite { SEAL_SM4, SEAL_AES };
bool seal_suite_of(struct str word, enum seal_suite *out); /* "sm4" "aes" */
const char *seal_suite_word(enum seal_suite s);

/* Refuses a file that is absent, that others may read or write, or that is no ring. */
MUST_CHECK bool keys_open(struct str path, struct keys **out, struct err *e);
void keys_close(struct keys *k); /* wipes the secrets; accepts NULL */

struct seal_place {
  struct str tenant, table, column, row;
};
/* Seals under the compartment's current key. `k` NULL (no ring was configured) is refused with ERR_GUARD, as is a
 * compartment without a key. The cell lives in mem. */
MUST_CHECK bool seal_cell(struct keys *k, struct arena *mem, struct str compartment, const struct seal_place *at,
                          struct str value, struct str *out_cell, struct err *e);
/* Opens a cell; an empty cell is an empty value. ERR_STORE when it was altered, moved, or belongs to another compartment;
 * ERR_GUARD when its key is not in the ring. */
MUST_CHECK bool seal_open(struct keys *k, struct arena *mem, struct str compartment, const struct seal_place *at,
                          struct str cell, struct str *out_value, struct err *e);
/* 64 hex digits, the same for the same value in the same tenant and compartment. The caller brings the value into its one form
 * first. `what` keeps kinds apart ("id_number"). */
MUST_CHECK bool seal_lookup(struct keys *k, struct arena *mem, struct str compartment, struct str tenant,
                            struct str what, struct str value, struct str *out_hex, struct err *e);
int64_t seal_key_of(struct str cell); /* number of its key; 0 = this is no cell */

/* ---- the ring ---- */

enum key_state { KEY_CURRENT, KEY_OLD, KEY_LOOKUP };
struct key_info {
  int64_t id;
  struct str compartment, made; /* made: a day, ISO */
  enum seal_suite suite;
  enum key_state state;
};
struct key_list {
  struct key_info *at;
  size_t len, cap;
};
MUST_CHECK bool keys_list(struct keys *k, struct arena *mem, struct key_list *out, struct err *e);
/* The compartment's current key; 0 = none. */
int64_t keys_current(struct keys *k, struct str compartment);

/* Changes of the file; each writes the whole ring anew. Absent file: it is made. Adds a current and a lookup key for each
 * compartment that has none; *out_made counts the compartments. */
MUST_CHECK bool keys_add(struct str path, const struct str *compartments, size_t n, enum seal_suite suite,
                         struct str day, int *out_made, struct err *e);
/* A new current key; the one before becomes old. ERR_NOT_FOUND when the compartment has none yet. */
MUST_CHECK bool keys_rotate(struct str path, struct str compartment, enum seal_suite suite, struct str day,
                            int64_t *out_id, struct err *e);
/* Removes an old key for ever. ERR_GUARD when it is current or for lookups. The caller has made sure that no cell needs it. */
MUST_CHECK bool keys_retire(struct str path, int64_t id, struct err *e);
#endif
