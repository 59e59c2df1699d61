-- What every transaction wrote: its statements and their arguments, so that a backup can be brought to any event. Rows go
-- when a backup holds them. See docs/decisions/0008-restore-to-a-point.md.
CREATE TABLE journal (
  tenant    TEXT NOT NULL,
  n         INTEGER NOT NULL,
  version   INTEGER NOT NULL,
  at_us     INTEGER NOT NULL,
  from_seq  INTEGER NOT NULL,
  from_hash TEXT NOT NULL,
  seq       INTEGER NOT NULL,
  erases    INTEGER NOT NULL,
  size      INTEGER NOT NULL,
  digest    TEXT NOT NULL,
  acts      BLOB NOT NULL,
  PRIMARY KEY (tenant, n)
) STRICT;
-- The last number given, and the chain as it was then.
CREATE TABLE journal_head (
  tenant TEXT NOT NULL PRIMARY KEY,
  n      INTEGER NOT NULL,
  seq    INTEGER NOT NULL,
  hash   TEXT NOT NULL,
  bytes  INTEGER NOT NULL
) STRICT;
