/* A server that is none, for one record of one system: it answers as the API would, or wrongly where a test wants that. */
#ifndef PLAYER_FAKE_H
#define PLAYER_FAKE_H
#include "../../../src/cli/scenario.h"
#include "unit.h"

enum fake_manner { FAKE_RIGHT, FAKE_TRACE /* what is refused counts all the same */, FAKE_GONE /* no such routes */ };
struct fake {
  enum fake_manner manner;
  int rev, made, sign_ins, sends;
  bool expired; /* the next request meets a session that is over */
  const char *state;
};
struct fake_run {
  struct arena mem;
  struct fake server;
  struct package package;
  struct scene scene;
  struct story_result result;
  struct play play;
  struct play_options options;
};
/* Plays a story whose steps these are. */
void fake_play(struct fake_run *r, enum fake_manner manner, const char *steps);
void fake_end(struct fake_run *r);
#endif
