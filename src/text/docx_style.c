/* styles.xml: names, inheritance, outline levels and numbering. Everything about looks is passed over.
 *
 * The chain of basedOn is followed for a bounded number of steps, so that a style based on itself ends. */
#include "text/docx_style.h"

#include <stdlib.h>

enum { CHAIN_MAX = 16, STYLES_MAX = 8192 };

static int outline_of_name(struct str name) {
  if (name.len != 9 || !str_starts(name, STR("heading "))) return -1;
  const char c = name.at[8];
  return c >= '1' && c <= '9' ? c - '0' : -1;
}

static void open_style(struct docx_styles *s, const struct xml_tag *tag) {
  if (s->all.len == STYLES_MAX) return;
  const struct str id = str_dup(s->mem, xml_get(tag, "styleId"));
  vec_push(s->mem, &s->all) = (struct docx_style_def){.id = id, .list_id = -1, .level = -1, .outline = -1};
  s->open = &vec_last(&s->all);
  if (str_eqz(xml_get(tag, "type"), "paragraph") && str_eqz(xml_get(tag, "default"), "1")) s->default_id = id;
}

static void on_start(void *ctx, const struct xml_tag *tag) {
  struct docx_styles *s = ctx;
  struct docx_style_def *d = s->open;
  if (xml_is(tag, "style")) {
    open_style(s, tag);
  } else if (!d) {
    return;
  } else if (xml_is(tag, "name")) {
    const struct str name = xml_get(tag, "val");
    d->is_contents = str_starts(name, STR("toc ")) || str_starts(name, STR("TOC "));
    if (d->outline < 0) d->outline = outline_of_name(name);
  } else if (xml_is(tag, "basedOn")) {
    d->based_on = str_dup(s->mem, xml_get(tag, "val"));
  } else if (xml_is(tag, "outlineLvl")) {
    const int64_t n = xml_int(tag, "val", 9);
    d->outline = n >= 0 && n < 9 ? (int)n + 1 : 0;
  } else if (xml_is(tag, "numId")) {
    d->list_id = xml_int(tag, "val", -1);
  } else if (xml_is(tag, "ilvl")) {
    d->level = (int)(xml_int(tag, "val", 0) & 0xF);
  }
}

static void on_end(void *ctx, const struct xml_tag *tag) {
  struct docx_styles *s = ctx;
  if (xml_is(tag, "style")) s->open = NULL;
}

static int by_id(const void *a, const void *b) {
  return str_cmp(((const struct docx_style_def *)a)->id, ((const struct docx_style_def *)b)->id);
}

bool styles_read(struct docx_styles *s, struct archive *a, struct str part, struct err *e) {
  const struct xml_events on = {.ctx = s, .start = on_start, .end = on_end};
  TRY(archive_parse(a, part, &on, e));
  if (s->all.len) qsort(s->all.at, s->all.len, sizeof *s->all.at, by_id);
  return true;
}

struct docx_style_def styles_resolve(const struct docx_styles *s, struct str id) {
  struct docx_style_def sum = {.id = id.len ? id : s->default_id, .list_id = -1, .level = -1, .outline = -1};
  struct str next = sum.id;
  for (int i = 0; i < CHAIN_MAX && next.len && s->all.len; i++) {
    const struct docx_style_def key = {.id = next};
    const struct docx_style_def *d = bsearch(&key, s->all.at, s->all.len, sizeof key, by_id);
    if (!d) break;
    if (sum.list_id < 0 && d->list_id >= 0) {
      sum.list_id = d->list_id;
      if (sum.level < 0) sum.level = d->level;
      sum.id = d->id; /* the style that a list level names */
    }
    if (sum.outline < 0) sum.outline = d->outline;
    sum.is_contents |= d->is_contents && i == 0;
    next = d->based_on;
  }
  return sum;
}
