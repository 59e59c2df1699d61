/* For whoever writes declarations: the packages of a folder are looked at several times a second. What was saved is checked, and when
 * nothing is wrong it takes the place of what was in force, within a second; else what was in force stays, and what is wrong is said
 * on the console, above every page and at /develop. Live data are upgraded by the rules of an installation (engine/flow/flow.h,
 * flow_install); what those refuse is not taken over. Only the version need not grow.
 *
 * A request keeps to its end the packages that it began with. While new ones are installed, requests that come wait, and those
 * under way have a quarter of a second to end: what takes longer (the stream of an open page) goes on with the old ones on the
 * upgraded tables, and is refused when it asks for a column that is no more. Clocks never see a change in the middle. How often public forms were used is counted anew.
 *
 * For one person at their own machine: the program starts it for a demonstration on a loopback address alone. */
#ifndef APP_SYSTEMS_WATCH_H
#define APP_SYSTEMS_WATCH_H
#include "app/frame.h"

struct systems_watch;
/* What came of a save, in the language of `lang`, ends of lines included. Called from the thread that watches. */
typedef void (*systems_watch_say)(void *arg, struct str text);
struct systems_watch_order {
  struct app *app; /* has its store, systems and clocks; app->systems follows what is in force */
  struct str dir;
  enum lang lang;
  systems_watch_say say;
  void *arg;
};
/* Sets app->watch. `order` is copied, what it points to must outlive the watch. */
MUST_CHECK bool systems_watch_start(const struct systems_watch_order *order, struct systems_watch **out, struct err *e);
/* When no request is left. app->systems is still to be stopped. Accepts NULL. */
void systems_watch_stop(struct systems_watch *w);

/* web_config.identify and .ended of a server that watches. */
MUST_CHECK bool systems_watch_identify(struct web_request *rq, struct err *e);
void systems_watch_ended(struct web_request *rq);

/* Of the newest save. */
struct systems_news {
  int64_t at_us; /* 0: nothing was saved yet */
  bool is_broken;
  struct str text;
};
void systems_watch_news(struct systems_watch *w, struct arena *mem, enum lang lang, struct systems_news *out);
#endif
