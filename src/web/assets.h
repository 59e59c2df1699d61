/* Embedded files for browsers: addresses with a hash, gzip, one style sheet out of many. Private to web. */
#ifndef WEB_ASSETS_H
#define WEB_ASSETS_H
#include "base/embed.h"
#include "web/web.h"

struct asset {
  struct str bytes, gzip;
  const char *type, *etag;
  bool fixed; /* the address has the right hash: may be kept for a year */
};
/* path: behind "/static/". False when there is no such file that may be served. */
bool asset_find(struct str path, struct asset *out);
#endif
