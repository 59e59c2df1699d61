/* Another version of a package takes over the records there are (docs/decisions/0017-upgrade.md). First all of it is rehearsed in a
 * transaction that is given up: if one record would be refused, the upgrade is, and nothing was changed. Then the tables change, in
 * one act; then the records, a portion in an act, each record with an event `migrated`. It is noted how far that has come, so that it
 * goes on after a stop at any moment. Nobody is served the package until it is done. */
#ifndef ENGINE_FLOW_UPGRADE_H
#define ENGINE_FLOW_UPGRADE_H
#include "engine/flow/jobs.h"

struct flow_upgraded_record {
  const struct flow_record *record;
  int64_t seen, changed, moved; /* looked at; with other values or another state; with another deadline */
};
struct flow_upgraded { /* what an upgrade does to the records of one system */
  const struct flow_system *system;
  int64_t from, to; /* versions */
  VEC(struct flow_upgraded_record) records;
};
typedef VEC(struct flow_upgraded) flow_upgrades;

/* Makes the tables of systems that are new, and brings the records of the others to the versions that were loaded; what was left
 * half done by a server that stopped is finished. Afterwards nothing is left to be done. Outside of an act, before f serves anybody.
 * Refuses (ERR_CONFLICT) a lower version than the one installed, a change that `system diff` refuses, a record that cannot
 * go along (naming its number and why), and another package than the one whose upgrade is half done. */
MUST_CHECK bool flow_take_over(const struct flow *f, struct store *store, const struct flow_starter *starter,
                               int64_t now_us, struct err *e);
/* Only the rehearsal. True: it would go, and out (in mem) says what it would do; nothing was changed. */
MUST_CHECK bool flow_rehearse(const struct flow *f, struct store *store, const struct flow_starter *starter,
                              int64_t now_us, struct arena *mem, flow_upgrades *out, struct err *e);
/* How many records of a kind there are, in a state or (empty) in all; 0 when their table is not there yet. */
MUST_CHECK bool flow_upgrade_rows(struct store *session, struct arena *mem, const struct flow_record *r,
                                  struct str state, int64_t *out, struct err *e);
#endif
