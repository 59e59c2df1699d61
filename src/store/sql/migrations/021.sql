-- Clocks of records, a row for each that was ever started; numbers as in src/engine/flow/clock.h. What is missing was not known or
-- will not come.
CREATE TABLE flow_clock (
  tenant        TEXT NOT NULL,
  record        TEXT NOT NULL,
  id            TEXT NOT NULL,
  clock         TEXT NOT NULL,
  phase         INTEGER NOT NULL,
  lasts         TEXT NOT NULL,
  held          INTEGER NOT NULL,
  late          INTEGER NOT NULL,
  pauses        INTEGER NOT NULL,
  fired         INTEGER NOT NULL,
  next_level    INTEGER NOT NULL,
  started_us    INTEGER NOT NULL,
  from_us       INTEGER NOT NULL,
  used_us       INTEGER NOT NULL,
  given_us      INTEGER,
  due_us        INTEGER,
  until_us      INTEGER,
  paused_us     INTEGER NOT NULL,
  pauses_end_us INTEGER,
  next_us       INTEGER,
  PRIMARY KEY (tenant, record, id, clock)
) STRICT;
CREATE INDEX flow_clock_next ON flow_clock (tenant, next_us, record, id, clock);
-- Levels whose effects were refused: they are tried again until they come about or the clock no longer asks for them.
CREATE TABLE flow_clock_failed (
  tenant   TEXT NOT NULL,
  record   TEXT NOT NULL,
  id       TEXT NOT NULL,
  clock    TEXT NOT NULL,
  level    INTEGER NOT NULL,
  moment   INTEGER NOT NULL,
  tries    INTEGER NOT NULL,
  again_us INTEGER NOT NULL,
  says     TEXT NOT NULL,
  PRIMARY KEY (tenant, record, id, clock, level)
) STRICT;
CREATE INDEX flow_clock_failed_again ON flow_clock_failed (tenant, again_us, record, id, clock, level);
