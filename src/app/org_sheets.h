/* Units, people, posts and pupils in and out of sheets. Every row is tried first and taken back; when one is wrong nothing
 * is written, and what is wrong is said row by row. An export taken into an empty store gives itself again.
 *
 * No import keeps others from writing for long: rows are tried and written IMPORT_PORTION at a time, each portion one
 * transaction, so that a sheet can be taken in part only when something changes between the trial and the writing; sent
 * again, it goes on where it stopped. A sheet of units is one transaction: a row hangs on one that may stand anywhere before
 * it, which a portion that is tried and taken back would not leave there; and units are never deleted, so that half a tree
 * would stay. */
#ifndef APP_ORG_SHEETS_H
#define APP_ORG_SHEETS_H
#include "app/org.h"
#include "engine/register/sheet.h"

enum org_sheet { ORG_UNITS, ORG_PEOPLE, ORG_POSTS, ORG_PUPILS, ORG_SHEET_COUNT };
const char *org_sheet_word(enum org_sheet what); /* "units" "people" "posts" "pupils" */
bool org_sheet_of(struct str word, enum org_sheet *out);
const struct sheet_form *org_sheet_form(enum org_sheet what);

struct org_import {
  enum org_sheet what;
  struct str name, bytes; /* the file */
  enum lang lang;         /* of the problems */
  bool dry;
  /* Posts are rights, and given by others than those who keep units and people: which of both the person may. A row that
   * asks for more is wrong; so is a post for `self`, who imports. */
  bool may_keep, may_grant;
  struct str self;
  struct str tried; /* outcomes of the trial that somebody said yes to; empty = there was none */
  /* what came out */
  struct sheet sheet;
  struct str *problems; /* one a row, empty = none */
  char *outcomes;       /* one a row: n new, c changed, s the same, b bad */
  size_t bad, made, changed, same;
  size_t
      differ; /* rows that come out otherwise than in that trial, which their problem says: nothing is written then */
  size_t written; /* rows; fewer than there are when something changed meanwhile */
  bool taken;     /* all of them */
};
/* False when the file cannot be read at all. Rows that are wrong are no error here: io->bad counts them. */
MUST_CHECK bool org_import(struct store *store, struct arena *mem, const struct plans_who *who, struct org_import *io,
                           struct err *e);
/* What holds on a day (ISO). numbers: identity numbers, telephones, pupils' numbers too, else those cells stay empty;
 * giving them away is an event, so `who` must be set then. ERR_TOO_LARGE above IMPORT_ROWS_MAX rows. */
MUST_CHECK bool org_export(struct store *store, struct arena *mem, const struct plans_who *who, enum org_sheet what,
                           struct str day, bool numbers, struct sheet *out, struct err *e);

/* ---- sheets that wait for a yes ---- */

/* With the outcomes of its trial. A sheet that may hold numbers of people is sealed as they are: ERR_GUARD without a key. */
MUST_CHECK bool org_draft_keep(struct store *store, struct arena *mem, const struct plans_who *who,
                               const struct org_import *i, struct str *out_id, struct err *e);
/* ERR_NOT_FOUND when it is gone or somebody else's. */
MUST_CHECK bool org_draft_get(struct store *store, struct arena *mem, const struct plans_who *who, struct str id,
                              struct org_import *out, struct err *e);
MUST_CHECK bool org_draft_drop(struct store *store, const struct plans_who *who, struct str id, struct err *e);
/* Before serving: sheets from before they were sealed go. */
MUST_CHECK bool org_drafts_forget_bare(struct store *store, struct err *e);
#endif
