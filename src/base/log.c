/* One JSON object a line on standard error, written by a single write(2) so that lines of several threads do not
 * mix. Values that are not UTF-8 are shown with '?' in place of each bad byte. A line that does not fit the
 * ceiling is dropped: a log must never stop the work. */
#include "base/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/utf8.h"

enum { LINE_MAX_BYTES = 64 << 10, FIELDS_MAX = 16 };

/* house: allow mutable - the least level is set once at the start and read by every thread */
static atomic_int least_level = LOG_INFO;

void log_set_level(enum log_level least) { atomic_store(&least_level, (int)least); }

static struct str readable(struct arena *a, struct str s) {
  if (utf8_valid(s)) return s;
  struct str copy = str_dup(a, s);
  char *p = str_z(a, copy);
  for (size_t i; (i = utf8_valid_len((struct str){p, s.len})) < s.len;) p[i] = '?';
  return (struct str){p, s.len};
}

void log_fields(enum log_level level, const char *event, const struct log_field *fields, size_t n) {
  static const char *const words[] = {"debug", "info", "warn", "error"};
  if ((int)level < atomic_load(&least_level)) return;
  AUTO_ARENA mem = {0};
  AUTO_BUF line = BUF_MAX(LINE_MAX_BYTES);
  struct json_out j = {.to = &line};
  json_open(&j, NULL, '{');
  json_str(&j, "at", clock_rfc3339(&mem, clock_now_us()));
  json_z(&j, "level", words[level]);
  json_z(&j, "event", event);
  for (size_t i = 0; i < n; i++) {
    if (fields[i].text.at) json_str(&j, fields[i].name, readable(&mem, fields[i].text));
    else json_int(&j, fields[i].name, fields[i].number);
  }
  json_close(&j, '}');
  buf_byte(&line, '\n');
  if (line.broken) return;
  const ssize_t put = write(STDERR_FILENO, line.at, line.len);
  (void)put; /* nobody is left to be told */
}

void log_write(enum log_level level, const char *event, ...) {
  struct log_field fields[FIELDS_MAX];
  size_t n = 0;
  va_list ap;
  va_start(ap, event);
  for (const char *name; n < FIELDS_MAX && (name = va_arg(ap, const char *)) != NULL; n++) {
    const struct str text = va_arg(ap, struct str);
    fields[n] = (struct log_field){.name = name, .text = text.at ? text : STR("")};
  }
  va_end(ap);
  log_fields(level, event, fields, n);
}
