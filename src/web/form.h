/* What browsers send, taken apart: escaped paths and queries, urlencoded and multipart forms, flat JSON objects.
 * Pure; values are views into the body or copies in `mem`. All text is valid UTF-8 without NUL, or refused. */
#ifndef WEB_FORM_H
#define WEB_FORM_H
#include "base/vec.h"
#include "web/web.h"

typedef VEC(struct web_field) web_fields;

/* %41 -> A, and + -> blank when `plus`. False for broken escapes, bytes that are no UTF-8, and NUL. */
bool form_unescape(struct arena *mem, struct str s, bool plus, struct str *out);
/* A path for the router: decoded steps; refuses what form_unescape does, and "//", "/.", "/..", an escaped slash or
 * backslash, control characters. */
bool form_path(struct arena *mem, struct str raw, struct str *out);
/* Escapes all but unreserved characters (RFC 3986); slashes stay when `path`. */
struct str form_escape(struct arena *mem, struct str s, bool path);

/* Each refuses with ERR_BAD_REQUEST what it cannot read, ERR_TOO_LARGE above the ceilings of base/limits.h. */
MUST_CHECK bool form_urlencoded(struct arena *mem, struct str body, web_fields *out, struct err *e);
MUST_CHECK bool form_multipart(struct arena *mem, struct str body, struct str boundary, web_fields *out, struct err *e);
MUST_CHECK bool form_json(struct arena *mem, struct str body, web_fields *out, struct err *e);
/* The boundary of "multipart/form-data; boundary=…"; false when there is none that may be used. */
bool form_boundary(struct str content_type, struct str *out);
/* The value of key in "a; key=value; other=\"x y\"" (keys without case). New, in mem; false when absent. */
bool form_parameter(struct arena *mem, struct str header, const char *key, struct str *out);
bool form_same_word(struct str a, struct str b); /* equal but for ASCII case */
#endif
