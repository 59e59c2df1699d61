/* Records of systems found by words: by number and by what is declared `search: yes`, of those that are seen, by words that whoever asks
 * may read. Apart from systems.h, because the search speaks of plans too. */
#ifndef APP_SYSTEMS_SEARCH_H
#define APP_SYSTEMS_SEARCH_H
#include "store/search.h"
#include "web/web.h"

struct system_hit {
  struct str href, label, told; /* label: of its kind; told: how it is called in a line */
  struct search_hit words;
};
typedef VEC(struct system_hit) system_hits;
/* Latest first, each record once, at most `most`. Of words that very many records have, those added last are looked through; *out_more:
 * there may be others. ERR_INVALID for what cannot be looked for. */
MUST_CHECK bool systems_find(struct web_request *rq, struct store *session, struct str words, size_t most,
                             system_hits *out, bool *out_more, struct err *e);
#endif
