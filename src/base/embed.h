/* Files that the build put into the program: rules/, ui/ assets, demo/, front-end parts from npm. */
#ifndef BASE_EMBED_H
#define BASE_EMBED_H
#include "base/str.h"

struct embedded {
  const char *path; /* "rules/plan/words.yaml" */
  struct str bytes;
  struct str gzip;  /* compressed form for the web, empty where it saves nothing */
  const char *etag; /* hex of its SHA-256, 16 digits */
};
const struct embedded *embed_find(struct str path);  /* or NULL */
const struct embedded *embed_all(size_t *out_count); /* sorted by path */
#endif
