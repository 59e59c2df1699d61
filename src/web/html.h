/* What compiled templates call: the type of a value decides how it is written. struct html is markup that is
 * already known to be safe; it passes in text and does not compile in an attribute. Only html_trust makes one, and
 * the house checker allows it in the files that draw a document's text and nowhere else. */
#ifndef WEB_HTML_H
#define WEB_HTML_H
#include "base/buf.h"
#include "base/msg.h"

struct html {
  struct str s;
};
static inline struct html html_trust(struct str s) { return (struct html){s}; }

void html_put_str(struct buf *o, struct str s); /* escapes & < > " ' */
void html_put_z(struct buf *o, const char *z);
void html_put_int(struct buf *o, int64_t n);
static inline void html_put_html(struct buf *o, struct html h) { buf_str(o, h.s); }

/* A whole address in href, src, action, hx-get and their kind: relative or https, anything else becomes `#`. */
void html_put_url(struct buf *o, struct str s);
void html_put_url_own(struct buf *o, struct str s); /* of scripts and frames: relative only */
/* A part of an address behind a literal beginning: everything but letters, digits and -._~ is percent-encoded. */
void html_put_url_part_str(struct buf *o, struct str s);
void html_put_url_part_int(struct buf *o, int64_t n);

/* A text of the catalogue with its holes filled, escaped. */
struct html_arg {
  const char *name;
  struct str text; /* .at NULL: the number */
  int64_t number;
};
void html_put_msg(struct buf *o, enum lang lang, int msg, const struct html_arg *args, size_t n);
static inline struct html_arg html_arg_str(const char *name, struct str s) {
  return (struct html_arg){name, {s.at ? s.at : "", s.len}, 0};
}
static inline struct html_arg html_arg_int(const char *name, int64_t n) { return (struct html_arg){name, {0}, n}; }

static inline bool html_true_str(struct str s) { return s.len > 0; }
static inline bool html_true_html(struct html h) { return h.s.len > 0; }
static inline bool html_true_int(int64_t n) { return n != 0; }
static inline bool html_true_size(size_t n) { return n != 0; }
static inline void html_put_size(struct buf *o, size_t n) { html_put_int(o, (int64_t)n); }

/* clang-format off */
#define HTML_INTS(f, g) short: f, unsigned short: f, int: f, unsigned: f, long: f, long long: f, \
                        unsigned long: g, unsigned long long: g
#define html_put(o, x) _Generic((x), struct str: html_put_str, struct html: html_put_html, const char *: html_put_z, \
                                     char *: html_put_z, HTML_INTS(html_put_int, html_put_size))((o), (x))
#define html_put_attr(o, x) _Generic((x), struct str: html_put_str, const char *: html_put_z, char *: html_put_z, \
                                          HTML_INTS(html_put_int, html_put_size))((o), (x))
#define html_put_url_part(o, x) _Generic((x), struct str: html_put_url_part_str, \
                                              HTML_INTS(html_put_url_part_int, html_put_url_part_int))((o), (x))
#define html_arg(name, x) _Generic((x), struct str: html_arg_str, HTML_INTS(html_arg_int, html_arg_int))((name), (x))
#define html_true(x) _Generic((x), bool: html_true_int, struct str: html_true_str, struct html: html_true_html, \
                                   HTML_INTS(html_true_int, html_true_size))((x))
/* clang-format on */
#endif
