/* An anchor on paper: the day, how many events, the hash in groups of four, the signature, and how to check them. Text and
 * document are made of the same lines. */
#include "app/sheet.h"

#include "base/clock.h"
#include "base/vec.h"
#include "text/docx_write.h"
#include "texts.h"

typedef VEC(struct str) lines;

static void add(struct arena *mem, lines *out, enum lang lang, int msg, struct str value) {
  const struct msg_arg arg = {"value", value};
  vec_push(mem, out) = msg_text(mem, lang, msg, &arg, 1);
}
static void sheet_lines(struct arena *mem, enum lang lang, const struct anchor *a, lines *out) {
  const struct str seq = str_int(mem, a->seq);
  add(mem, out, lang, MSG_sheet_day, a->day);
  add(mem, out, lang, MSG_sheet_events, str_int(mem, a->events));
  add(mem, out, lang, MSG_sheet_seq, seq);
  add(mem, out, lang, MSG_sheet_at, clock_rfc3339(mem, a->at_us));
  add(mem, out, lang, MSG_sheet_actor, a->actor);
  vec_push(mem, out) = msg_template(lang, MSG_sheet_hash);
  struct str rest = anchor_groups(mem, a->hash), line = {0};
  while (str_cut(rest, STR("\n"), &line, &rest)) vec_push(mem, out) = line;
  vec_push(mem, out) = rest;
  if (a->signature.len) {
    add(mem, out, lang, MSG_sheet_signer, a->signer);
    add(mem, out, lang, MSG_sheet_signature, a->signature);
  } else vec_push(mem, out) = msg_template(lang, MSG_sheet_unsigned);
  add(mem, out, lang, MSG_sheet_check, seq);
  vec_push(mem, out) = msg_template(lang, MSG_sheet_hands);
}

struct str sheet_text(struct arena *mem, enum lang lang, const struct anchor *a) {
  lines all = {0};
  AUTO_BUF o = BUF_MAX(64 << 10);
  sheet_lines(mem, lang, a, &all);
  buf_str(&o, msg_template(lang, MSG_sheet_title));
  buf_z(&o, "\n\n");
  vec_each(const struct str, l, &all) {
    buf_str(&o, *l);
    buf_byte(&o, '\n');
  }
  return str_dup(mem, buf_view(&o));
}
bool sheet_docx(struct arena *mem, enum lang lang, const struct anchor *a, struct str *out, struct err *e) {
  lines all = {0};
  sheet_lines(mem, lang, a, &all);
  AUTO_DOCX d = docx_begin(mem, false);
  docx_para(&d, DOCX_TITLE, msg_template(lang, MSG_sheet_title));
  vec_each(const struct str, l, &all) docx_para(&d, DOCX_BODY, *l);
  return docx_finish(&d, out, e);
}
