/* JSON lines to standard error, one event a line; only the border (cli, web server, app) logs. */
#ifndef BASE_LOG_H
#define BASE_LOG_H
#include "base/str.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };
extern void log_set_level(enum log_level least);
struct log_field {
  const char *name;
  struct str text; /* .at NULL: the number */
  int64_t number;
};
void log_fields(enum log_level level, const char *event, const struct log_field *fields, size_t n);
/* log_event(LOG_INFO, "listen", "addr", STR("127.0.0.1:8080")): pairs of (const char *, struct str), NULL ends. */
void log_write(enum log_level level, const char *event, ...);
#define log_event(level, event, ...) log_write((level), (event), ##__VA_ARGS__, (const char *)0)
#endif
