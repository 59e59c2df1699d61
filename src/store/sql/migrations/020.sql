-- Measures of systems at work, kept as facts in the transaction of each act. One fact is one record (or one row of its form)
-- that a measure counts: from_day the day it counts on, or the days from_day until before until_day through which it counts;
-- days since 1970. unit is where it counts, codes its breakdowns, value digits of what is added up, hole 1 = that is not known,
-- key what different ones are told apart by.
CREATE TABLE flow_fact (
  tenant    TEXT NOT NULL,
  record    TEXT NOT NULL,
  measure   TEXT NOT NULL,
  line      INTEGER NOT NULL,
  from_day  INTEGER NOT NULL,
  until_day INTEGER NOT NULL,
  stock     INTEGER NOT NULL,
  unit      TEXT NOT NULL,
  codes     TEXT NOT NULL,
  key       TEXT NOT NULL,
  value     INTEGER NOT NULL,
  hole      INTEGER NOT NULL,
  PRIMARY KEY (tenant, record, measure, line, from_day)
) STRICT;
CREATE INDEX flow_fact_unit ON flow_fact (tenant, unit, measure, from_day);
-- Under what a unit stood, from when until before when; itself, and '' for everything, always. The sums below stand by it.
CREATE TABLE flow_fact_above (
  tenant    TEXT NOT NULL,
  unit      TEXT NOT NULL,
  above     TEXT NOT NULL,
  from_day  INTEGER NOT NULL,
  until_day INTEGER NOT NULL,
  PRIMARY KEY (tenant, unit, above, from_day)
) STRICT;
CREATE INDEX flow_fact_above_above ON flow_fact_above (tenant, above, unit);
-- What the facts come to at each unit and all below it: grain 0 by month (slot = 12 times the year and the month from 0), grain 1
-- by day. Of measures at the end of a period each slot holds the difference that it brought.
CREATE TABLE flow_fact_sum (
  tenant  TEXT NOT NULL,
  measure TEXT NOT NULL,
  above   TEXT NOT NULL,
  grain   INTEGER NOT NULL,
  slot    INTEGER NOT NULL,
  codes   TEXT NOT NULL,
  key     TEXT NOT NULL,
  n       INTEGER NOT NULL,
  total   INTEGER NOT NULL,
  holes   INTEGER NOT NULL,
  PRIMARY KEY (tenant, measure, above, grain, slot, codes, key)
) STRICT;
