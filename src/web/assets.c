/* Only files under ui/ and vendor/ leave the program: rules and the demo are no business of a browser. The address holds
 * the hash, so an answer can be kept for a year; with another hash the same file is given, but to be asked for again
 * (modules that import one another by relative address). */
#include "web/assets.h"

#include <pthread.h>

#include "base/hash.h"

static const struct {
  const char *ending, *type;
} types[] = {
    {".css", "text/css; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".json", "application/json"},
    {".woff2", "font/woff2"},
    {".webmanifest", "application/manifest+json"},
};

/* The style sheets of ui/css as one file, made once. It lives as long as the program.
 * house: allow mutable - made once */
static struct {
  pthread_once_t once;
  struct asset css;
  char etag[17];
} bundle = {.once = PTHREAD_ONCE_INIT};

static void make_bundle(void) {
  static struct arena mem; /* house: allow mutable - never dropped, the bundle outlives every server */
  struct buf b = BUF_MAX(4 << 20);
  size_t n = 0;
  const struct embedded *all = embed_all(&n);
  for (size_t i = 0; i < n; i++) {
    const struct str path = str_of(all[i].path);
    if (!str_starts(path, STR("ui/css/")) || !str_ends(path, STR(".css"))) continue;
    buf_str(&b, all[i].bytes);
    buf_byte(&b, '\n');
  }
  must(!b.broken);
  bundle.css.bytes = str_dup(&mem, buf_view(&b));
  buf_drop(&b);
  const struct str hex = hash_hex(&mem, hash_sha256(bundle.css.bytes));
  memcpy(bundle.etag, hex.at, 16);
  bundle.css.etag = bundle.etag;
  bundle.css.type = types[0].type;
}
static bool find_file(struct str path, struct asset *out) {
  if (str_eq(path, STR("ui/app.css"))) {
    (void)pthread_once(&bundle.once, make_bundle);
    *out = bundle.css;
    return true;
  }
  if (!str_starts(path, STR("ui/")) && !str_starts(path, STR("vendor/"))) return false;
  const struct embedded *f = embed_find(path);
  if (!f) return false;
  *out = (struct asset){.bytes = f->bytes, .gzip = f->gzip, .etag = f->etag, .type = "application/octet-stream"};
  for (size_t i = 0; i < COUNT_OF(types); i++) {
    if (str_ends(path, str_of(types[i].ending))) out->type = types[i].type;
  }
  return true;
}
bool asset_find(struct str path, struct asset *out) {
  struct str hash = {0}, rest = {0};
  if (!str_cut(path, STR("/"), &hash, &rest) || !find_file(rest, out)) return false;
  out->fixed = str_eqz(hash, out->etag);
  return true;
}
struct str web_asset(struct arena *mem, const char *path) {
  struct asset a = {0};
  return str_fmt(mem, "/static/%s/%s", find_file(str_of(path), &a) ? a.etag : "none", path);
}
