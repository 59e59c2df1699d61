/* What holds for every reader of a file of plans, whatever the bytes: for the fuzzers of the readers. */
#ifndef TESTS_FUZZ_READER_H
#define TESTS_FUZZ_READER_H
#include "../zipped.h"
#include "base/limits.h"
#include "base/must.h"
#include "base/utf8.h"
#include "text/worker.h"

/* Places lie in order, inside a text of this length. */
static inline void places_hold(const place_list *places, size_t len) {
  uint32_t before = 0;
  vec_each(const struct place, p, places) {
    must(p->at.at >= before && p->at.end >= p->at.at && p->at.end <= len);
    before = p->at.at;
  }
}

/* Any valid UTF-8 through a reader of text: the layer gives the input back, the text is UTF-8. */
static inline void text_reader_holds(bool (*read)(struct arena *, struct str, struct layer *, place_list *),
                                     struct str text) {
  AUTO_ARENA mem = {0};
  if (!utf8_valid(text)) return;
  struct layer l;
  place_list places = {0};
  must(read(&mem, text, &l, &places));
  must(layer_holds(&mem, &l) && utf8_valid(l.out));
  places_hold(&places, l.out.len);
}

/* What a reader made is UTF-8 with places in it, or there is a refusal. Ends the text. */
static inline void extract_holds(struct extract *x, bool is_read, const struct err *e) {
  if (is_read) {
    must(utf8_valid(buf_view(&x->text)));
    places_hold(&x->places, x->text.len);
  } else {
    must(e->code != ERR_NONE && e->msg != 0);
  }
  buf_drop(&x->text);
}

/* Members of a package, parted by NUL bytes in `in`, packed and read; `in` that begins with PK is the package itself.
 */
static inline void package_reader_holds(enum container kind, const char *const *names, size_t count, struct str in) {
  AUTO_ARENA mem = {0};
  struct err e = {0};
  struct extract x = {.mem = &mem, .name = STR("fuzz"), .text = BUF_MAX(PLAN_FILE_MAX)};
  struct str bytes = in;
  if (!str_starts(in, STR("PK"))) {
    struct zipped *members = arena_new_n(&mem, struct zipped, count);
    for (size_t i = 0; i < count; i++) {
      struct str rest = {0};
      members[i] = (struct zipped){names[i], in};
      in = str_cut(in, STR("\0"), &members[i].bytes, &rest) ? rest : (struct str){0};
    }
    bytes = zipped(&mem, members, count);
  }
  extract_holds(&x, extract_run(&x, kind, bytes, &e), &e);
}
#endif
