-- The last upgrade of each system, and how far its records have come along: those of `record` up to `after`, by id. done_us is 0 until all
-- have. said: the declaration they come from.
CREATE TABLE flow_upgrade (
  tenant       TEXT NOT NULL,
  system       TEXT NOT NULL,
  from_version INTEGER NOT NULL,
  version      INTEGER NOT NULL,
  said         TEXT NOT NULL,
  record       TEXT NOT NULL,
  after        TEXT NOT NULL,
  seen         INTEGER NOT NULL,
  changed      INTEGER NOT NULL,
  moved        INTEGER NOT NULL,
  begun_us     INTEGER NOT NULL,
  done_us      INTEGER NOT NULL,
  PRIMARY KEY (tenant, system)
) STRICT;
