/* The HTML walker of the template compiler: one small function for each spot. It answers with a sentence when a
 * template does what the house does not allow; the caller knows the line. Names are views into the template. */
#include "tmpl/place.h"

#include "base/must.h"

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c; }
static bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f'; }
static bool is_name_byte(char c) {
  return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == ':' || c == '_' || c == '.';
}

static bool same(struct str s, const char *z) {
  const size_t n = strlen(z);
  if (s.len != n) return false;
  for (size_t i = 0; i < n; i++)
    if (lower(s.at[i]) != z[i]) return false;
  return true;
}

static bool starts(struct str s, const char *z) { return same(str_slice(s, 0, strlen(z)), z); }

static bool any_of(struct str s, const char *const *list) {
  for (; *list; list++)
    if (same(s, *list)) return true;
  return false;
}

bool place_inside(const struct place *p, const char *element) {
  return p->depth && same(p->open[p->depth - 1], element);
}

static bool inside_any(const struct place *p, const char *element) {
  for (int i = 0; i < p->depth; i++)
    if (same(p->open[i], element)) return true;
  return false;
}

/* ---- attributes ---- */

static enum attr_kind kind_of(struct str tag, struct str name) {
  static const char *const urls[] = {"href",       "src",        "action", "formaction",  "poster",         "cite",
                                     "hx-get",     "hx-post",    "hx-put", "data",        "hx-delete",      "hx-patch",
                                     "xlink:href", "background", "ping",   "hx-push-url", "hx-replace-url", NULL};
  static const char *const own[] = {"script", "iframe", "object", "embed", NULL};
  static const char *const never[] = {"srcset",     "hx-vals",    "hx-vars", "hx-headers",
                                      "hx-trigger", "hx-include", "content", NULL};
  if (any_of(name, never)) return same(name, "content") && !same(tag, "meta") ? ATTR_PLAIN : ATTR_NO_VALUE;
  if (!any_of(name, urls)) return ATTR_PLAIN;
  if (same(tag, "base")) return ATTR_NO_VALUE;
  return any_of(tag, own) ? ATTR_URL_OWN : ATTR_URL;
}

static const char *judge_attr(const struct place *p) {
  if (same(p->name, "style")) return "no style attribute: the policy of the pages forbids it, use a class";
  if (starts(p->name, "on") || starts(p->name, "hx-on")) return "no event attributes: scripts live in ui/js";
  if (same(p->name, "srcdoc") || same(p->name, "http-equiv")) return "this attribute is not allowed";
  return NULL;
}

/* ---- elements ---- */

static bool is_void(struct str tag) {
  static const char *const names[] = {"area",  "base", "br",   "col",    "embed", "hr",  "img",
                                      "input", "link", "meta", "source", "track", "wbr", NULL};
  return any_of(tag, names);
}

static const char *open_element(struct place *p) {
  if (same(p->tag, "style")) return "no inline style: styles live in ui/css";
  if (place_inside(p, "script") || place_inside(p, "textarea") || place_inside(p, "title"))
    return "no element inside this one";
  p->spot = IN_TEXT;
  if (is_void(p->tag)) return NULL;
  if (p->depth == PLACE_DEPTH) return "elements nested too deep";
  p->open[p->depth++] = p->tag;
  return NULL;
}

static const char *close_element(struct place *p) {
  p->spot = IN_TEXT;
  if (!p->depth) return "a closing tag without its opening one";
  const struct str top = p->open[p->depth - 1];
  if (top.len != p->tag.len) return "this closing tag does not match the element that is open";
  for (size_t i = 0; i < top.len; i++)
    if (lower(top.at[i]) != lower(p->tag.at[i])) return "this closing tag does not match the element that is open";
  p->depth--;
  return NULL;
}

/* ---- one function for each spot ---- */

static const char *in_text(struct place *p, char c) {
  if (c == '<') p->spot = IN_OPEN;
  else if (place_inside(p, "script") && !is_blank(c)) return "no inline script: scripts live in ui/js";
  return NULL;
}

static const char *in_open(struct place *p, struct str text, size_t i) {
  const char c = text.at[i];
  p->tag = (struct str){text.at + i, 1};
  if (c == '/') {
    p->tag.len = 0;
    p->tag.at++;
    p->spot = IN_CLOSE;
  } else if (c == '!') {
    p->spot = str_starts(str_from(text, i), STR("!--")) ? IN_COMMENT : IN_DECL;
  } else if (lower(c) >= 'a' && lower(c) <= 'z') {
    p->spot = IN_NAME;
  } else {
    return "write &lt; for a `<` that opens no tag";
  }
  return NULL;
}

static const char *in_tag(struct place *p, struct str text, size_t i) {
  const char c = text.at[i];
  if (c == '>') return open_element(p);
  if (c == '/') {
    p->spot = IN_SLASH;
  } else if (is_blank(c)) {
    p->spot = IN_TAG;
  } else if (p->spot == IN_GAP) {
    return "a blank must stand here";
  } else if (is_name_byte(c)) {
    p->spot = IN_ATTR;
    p->name = (struct str){text.at + i, 1};
  } else {
    return "this character cannot begin an attribute";
  }
  return NULL;
}

static const char *in_name(struct place *p, struct str text, size_t i) {
  if (is_name_byte(text.at[i])) {
    p->tag.len++;
    return NULL;
  }
  p->spot = IN_GAP;
  return in_tag(p, text, i);
}

static const char *in_attr(struct place *p, struct str text, size_t i) {
  const char c = text.at[i];
  if (is_name_byte(c)) {
    p->name.len++;
    return NULL;
  }
  const char *why = judge_attr(p);
  if (why) return why;
  p->spot = c == '=' ? BEFORE_VALUE : IN_GAP;
  return c == '=' ? NULL : in_tag(p, text, i);
}

static const char *before_value(struct place *p, char c) {
  if (c != '"' && c != '\'') return "put the value of the attribute into quotes";
  p->quote = c;
  p->attr = kind_of(p->tag, p->name);
  p->url = URL_EMPTY;
  p->spot = IN_VALUE;
  return NULL;
}

static const char *in_value(struct place *p, struct str text, size_t i) {
  const char c = text.at[i];
  if (c == p->quote) {
    p->spot = IN_GAP;
    return NULL;
  }
  if (p->attr != ATTR_URL && p->attr != ATTR_URL_OWN) return NULL;
  if (p->url == URL_VALUE_FIRST && c != '?' && c != '#' && c != '&')
    return "behind a value that begins an address only ? # & or the end may stand";
  if (p->url == URL_EMPTY && starts(str_from(text, i), "javascript:")) return "no javascript: addresses";
  p->url = URL_BEGUN;
  return NULL;
}

static const char *in_slash(struct place *p, char c) {
  if (c != '>') return "`/` must stand before `>`";
  if (!is_void(p->tag) && !inside_any(p, "svg")) return "only void elements and those inside svg close themselves";
  p->spot = IN_TEXT;
  return NULL;
}

static const char *in_close(struct place *p, char c) {
  if (c == '>') return close_element(p);
  if (!is_name_byte(c)) return "a closing tag holds only its name";
  p->tag.len++;
  return NULL;
}

/* ---- what is kept ---- */

static bool keeps_blanks(const struct place *p) { return inside_any(p, "pre") || inside_any(p, "textarea"); }

static void keep(struct place *p, enum spot before, char c, struct buf *out) {
  const bool shrinks = (before == IN_TEXT && !keeps_blanks(p)) || before == IN_TAG || before == IN_GAP ||
                       before == IN_NAME || before == IN_ATTR;
  if (!shrinks || !is_blank(c)) {
    buf_byte(out, c);
    p->blank = false;
    return;
  }
  const char one = before == IN_TEXT && c == '\n' ? '\n' : ' ';
  if (!p->blank) buf_byte(out, one);
  else if (one == '\n' && out->len) out->at[out->len - 1] = '\n';
  p->blank = true;
}

static void in_comment(struct place *p, struct str text, size_t i) {
  if (text.at[i] == '>' && i >= 2 && text.at[i - 1] == '-' && text.at[i - 2] == '-') p->spot = IN_TEXT;
}

const char *place_byte(struct place *p, struct str text, size_t i, struct buf *out) {
  const enum spot before = p->spot;
  const char c = text.at[i], *why = NULL;
  switch (before) {
    case IN_TEXT: why = in_text(p, c); break;
    case IN_OPEN: why = in_open(p, text, i); break;
    case IN_NAME: why = in_name(p, text, i); break;
    case IN_TAG:
    case IN_GAP: why = in_tag(p, text, i); break;
    case IN_ATTR: why = in_attr(p, text, i); break;
    case BEFORE_VALUE: why = before_value(p, c); break;
    case IN_VALUE: why = in_value(p, text, i); break;
    case IN_SLASH: why = in_slash(p, c); break;
    case IN_CLOSE: why = in_close(p, c); break;
    case IN_DECL:
      if (c == '>') p->spot = IN_TEXT;
      break;
    case IN_COMMENT: in_comment(p, text, i); return NULL;
  }
  if (p->spot == IN_COMMENT) { /* takes back the `<` */
    if (out->len) out->len--;
    p->blank = out->len && is_blank(out->at[out->len - 1]);
    return why;
  }
  keep(p, before, c, out);
  return why;
}

const char *place_settle(struct place *p) {
  const char *why = p->spot == IN_ATTR ? judge_attr(p) : NULL;
  if (p->spot == IN_NAME || p->spot == IN_ATTR) p->spot = IN_GAP;
  return why;
}

static bool is_between(enum spot s) { return s == IN_TAG || s == IN_GAP; }

bool place_join(struct place *io, const struct place *other) {
  if (io->depth != other->depth) return false;
  io->blank = io->blank && other->blank;
  for (int i = 0; i < io->depth; i++)
    if (!str_eq(io->open[i], other->open[i])) return false;
  if (is_between(io->spot) && is_between(other->spot) && str_eq(io->tag, other->tag)) {
    if (other->spot == IN_GAP) io->spot = IN_GAP;
    return true;
  }
  if (io->spot != other->spot) return false;
  return io->spot != IN_VALUE || (io->quote == other->quote && io->attr == other->attr && io->url == other->url);
}
