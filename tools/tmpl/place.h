/* Where in the HTML a template stands, byte by byte: enough of the HTML grammar to choose an escaper and to refuse
 * what cannot be made safe. Stricter than browsers: quoted attributes only, matching tags, no inline script. */
#ifndef TMPL_PLACE_H
#define TMPL_PLACE_H
#include "base/buf.h"

enum { PLACE_DEPTH = 64 };

enum spot {
  IN_TEXT,
  IN_OPEN,      /* behind `<` */
  IN_NAME,      /* name of an element */
  IN_TAG,       /* between attributes, a blank was seen */
  IN_GAP,       /* behind a name or value: a blank, `/` or `>` must follow */
  IN_ATTR,      /* name of an attribute */
  BEFORE_VALUE, /* behind `=` */
  IN_VALUE,
  IN_SLASH, /* behind `/` in a tag */
  IN_CLOSE, /* name of a closing tag */
  IN_DECL,  /* <!doctype html> */
  IN_COMMENT
};
enum attr_kind { ATTR_PLAIN, ATTR_URL, ATTR_URL_OWN, ATTR_NO_VALUE };
enum url_state { URL_EMPTY, URL_VALUE_FIRST, URL_BEGUN };

struct place {
  enum spot spot;
  char quote;
  enum attr_kind attr;
  enum url_state url;
  struct str tag, name; /* the element, the attribute that is read */
  bool blank;           /* the last byte that was kept is a blank */
  int depth;
  struct str open[PLACE_DEPTH]; /* names of the open elements */
};

/* Takes the byte text.at[i], adds what is kept of it to `out` (comments and runs of blanks shrink). What is refused
 * is answered as an English sentence, else NULL. */
const char *place_byte(struct place *p, struct str text, size_t i, struct buf *out);
/* A directive stands here: a name that was being read has ended. Refuses as place_byte does. */
const char *place_settle(struct place *p);
/* The place after two ways to get here, in *io; false when they are not the same place. */
bool place_join(struct place *io, const struct place *other);
bool place_inside(const struct place *p, const char *element); /* the innermost open element is this one */
#endif
