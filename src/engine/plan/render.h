/* A compiled plan as somebody wants it: JSON for programs, text with carets for a terminal, Markdown, CSV, XLSX and DOCX
 * as the 重点任务分解表 that offices use. All of them say the same facts; nothing is computed here.
 *
 * Output goes to the caller's buf; a broken buf (its ceiling passed) is the caller's to report. */
#ifndef ENGINE_PLAN_RENDER_H
#define ENGINE_PLAN_RENDER_H
#include "base/buf.h"
#include "base/json.h"
#include "engine/plan/plan.h"

enum render_format {
  RENDER_JSON,
  RENDER_TEXT,
  RENDER_MARKDOWN,
  RENDER_CSV,
  RENDER_XLSX,
  RENDER_DOCX,
  RENDER_FORMAT_COUNT
};
bool render_format_of(struct str word, enum render_format *out_format); /* "json" ... */
const char *render_format_word(enum render_format f);

/* One object of a file. `same_as`: names of other files of the run that are copies of this one. */
void render_json_plan(struct json_out *j, struct plan *p, const struct str *same_as, size_t same_count, enum lang lang);
void render_json(struct plan *p, enum lang lang, struct buf *out); /* the object alone, with a final newline */

/* The readable report: every diagnostic with its sentence and carets, then documents, items and facts. */
void render_text(struct plan *p, enum lang lang, struct buf *out);
/* Only the diagnostics, `file:line:column: warning: ... [code]` each. */
void render_diags(struct plan *p, enum lang lang, struct buf *out);
void render_markdown(struct plan *p, enum lang lang, struct buf *out);

/* The decomposition table. CSV has a byte order mark, CRLF, and no cell that a spreadsheet would run as a formula. */
void render_csv(struct plan *p, enum lang lang, struct buf *out);
MUST_CHECK bool render_xlsx(struct plan *p, enum lang lang, struct buf *out, struct err *e);
MUST_CHECK bool render_docx(struct plan *p, enum lang lang, struct buf *out, struct err *e);

/* ---- words for facts, shared with the pages ---- */
struct str render_target(struct arena *a, const struct target *t, enum lang lang); /* 学校41所, ≥72%, 3—5所 */
struct str render_when(struct arena *a, const struct when *w, enum lang lang);     /* 2026年6月30日（推定） */
struct str render_duty(struct arena *a, const struct duty *d, enum lang lang);     /* 每学期 检查 ≥2次 */
struct str render_comparison(struct arena *a, const struct comparison *c, enum lang lang); /* 甲：不低于 乙 */
struct str render_path(struct arena *a, const struct item *it);                            /* 2.9 */
struct str render_diag(struct arena *a, const struct diag *d, enum lang lang);      /* the message, holes filled */
struct str render_diag_hint(struct arena *a, const struct diag *d, enum lang lang); /* or empty */
/* Names of one role, joined by 、. */
struct str render_parties(struct arena *a, const struct item *it, enum role role);

const char *bound_word(enum bound b);       /* "eq" "ge" "le" "about" "range" */
const char *strength_word(enum strength s); /* "hard" "strive" "encourage" "explore" */
const char *level_word(enum level l);       /* "" "whole" "each-district" ... */
const char *every_word(enum every e);       /* "" "day" ... "term" "year" */
const char *time_word(enum time_kind k);    /* "due" "period" "recur" "horizon" */
const char *role_word(enum role r);         /* "lead" "assist" "guide" */
const char *stage_word(enum stage s);       /* "basis" "draft" "made" "issued" */
const char *name_word(enum name_kind k);    /* "programme" ... "slogan" "other" */
const char *verb_word(enum verb_class v);   /* "document" "count" "state" "event" "soft" "basis" "start" "" */
const char *severity_word(enum severity s); /* "note" "warning" "error" */
#endif
