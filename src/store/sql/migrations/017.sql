-- Systems at work: what is installed, what was done to each record, and what records of all systems share. The records
-- themselves stand in tables that their declarations made (store/declared.h).

-- The declaration in force, as it was read: the next version is compared with it.
CREATE TABLE system_installed (
  tenant  TEXT NOT NULL,
  system  TEXT NOT NULL,
  version INTEGER NOT NULL,
  digest  TEXT NOT NULL,
  said    TEXT NOT NULL,
  at_us   INTEGER NOT NULL,
  PRIMARY KEY (tenant, system)
) STRICT;
-- Deeds: each act on a record, numbered from 1. What expressions ask of the past (times, did, entered, since, back) is read here;
-- the event of the same act holds the rest.
CREATE TABLE flow_act (
  tenant     TEXT NOT NULL,
  record     TEXT NOT NULL,
  id         TEXT NOT NULL,
  n          INTEGER NOT NULL,
  act        TEXT NOT NULL,
  person     TEXT NOT NULL,
  instead_of TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state   TEXT NOT NULL,
  at_us      INTEGER NOT NULL,
  seq        INTEGER NOT NULL,
  PRIMARY KEY (tenant, record, id, n)
) STRICT;
-- Requests that were answered: the same key of the same sender gets the first answer again.
CREATE TABLE flow_key (
  tenant TEXT NOT NULL,
  sender TEXT NOT NULL,
  key    TEXT NOT NULL,
  asked  TEXT NOT NULL,
  record TEXT NOT NULL,
  id     TEXT NOT NULL,
  seq    INTEGER NOT NULL,
  at_us  INTEGER NOT NULL,
  PRIMARY KEY (tenant, sender, key)
) STRICT;
-- Numbers given out, by what stands before them: a year that changes begins anew.
CREATE TABLE flow_number (
  tenant TEXT NOT NULL,
  series TEXT NOT NULL,
  head   TEXT NOT NULL,
  last   INTEGER NOT NULL,
  PRIMARY KEY (tenant, series, head)
) STRICT;
-- Files that records hold; the bytes are in table file. record empty: sent, and not yet part of a record.
CREATE TABLE flow_file (
  tenant TEXT NOT NULL,
  id     TEXT NOT NULL,
  hash   TEXT NOT NULL,
  name   TEXT NOT NULL,
  type   TEXT NOT NULL,
  size   INTEGER NOT NULL,
  record TEXT NOT NULL,
  owner  TEXT NOT NULL,
  field  TEXT NOT NULL,
  person TEXT NOT NULL,
  at_us  INTEGER NOT NULL,
  PRIMARY KEY (tenant, id)
) STRICT;
CREATE INDEX flow_file_hash ON flow_file (tenant, hash);
CREATE INDEX flow_file_owner ON flow_file (tenant, record, owner, id);
-- Tasks that end when the record enters a state.
CREATE TABLE flow_follow (
  tenant TEXT NOT NULL,
  record TEXT NOT NULL,
  id     TEXT NOT NULL,
  state  TEXT NOT NULL,
  task   TEXT NOT NULL,
  PRIMARY KEY (tenant, record, id, state, task)
) STRICT;
-- What somebody has begun to fill in: a form each, as its fields stood.
CREATE TABLE flow_draft (
  tenant TEXT NOT NULL,
  person TEXT NOT NULL,
  record TEXT NOT NULL,
  act    TEXT NOT NULL,
  id     TEXT NOT NULL,
  inputs TEXT NOT NULL,
  at_us  INTEGER NOT NULL,
  PRIMARY KEY (tenant, person, record, act, id)
) STRICT;
