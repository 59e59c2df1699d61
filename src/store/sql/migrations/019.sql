-- Rounds: several parties are asked, each opening a round of its own; what they answered stays.
CREATE TABLE flow_round (
  tenant    TEXT NOT NULL,
  record    TEXT NOT NULL,
  id        TEXT NOT NULL,
  round     TEXT NOT NULL,
  n         INTEGER NOT NULL,
  opened_us INTEGER NOT NULL,
  closed_us INTEGER NOT NULL,
  outcome   TEXT NOT NULL,
  PRIMARY KEY (tenant, record, id, round, n)
) STRICT;
-- A party is a unit (is_unit 1, answered for by who holds the role there) or a person. place: its turn. state: waiting (its turn
-- has not come), asked, answered, silent (its time is over).
CREATE TABLE flow_party (
  tenant      TEXT NOT NULL,
  record      TEXT NOT NULL,
  id          TEXT NOT NULL,
  round       TEXT NOT NULL,
  n           INTEGER NOT NULL,
  party       TEXT NOT NULL,
  is_unit     INTEGER NOT NULL,
  place       INTEGER NOT NULL,
  state       TEXT NOT NULL,
  due_us      INTEGER NOT NULL,
  person      TEXT NOT NULL,
  answered_us INTEGER NOT NULL,
  version     INTEGER NOT NULL,
  added_by    TEXT NOT NULL,
  PRIMARY KEY (tenant, record, id, round, n, party)
) STRICT;
CREATE INDEX flow_party_due ON flow_party (tenant, state, due_us);
CREATE INDEX flow_party_of ON flow_party (tenant, party, state);
-- Each version of an answer, a field a row; the newest is the party's version.
CREATE TABLE flow_answer (
  tenant  TEXT NOT NULL,
  record  TEXT NOT NULL,
  id      TEXT NOT NULL,
  round   TEXT NOT NULL,
  n       INTEGER NOT NULL,
  party   TEXT NOT NULL,
  version INTEGER NOT NULL,
  field   TEXT NOT NULL,
  value   TEXT NOT NULL,
  PRIMARY KEY (tenant, record, id, round, n, party, version, field)
) STRICT;
