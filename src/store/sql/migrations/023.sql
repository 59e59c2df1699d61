-- What the fields of a register with `versions` were and will be: each value with the day from which it is true ('' = ever since), in the
-- order in which it became known. Only fields that were changed stand here; is_taken: the day has come, the record has been worked
-- out with it.
CREATE TABLE flow_version (
  tenant   TEXT NOT NULL,
  record   TEXT NOT NULL,
  id       TEXT NOT NULL,
  field    TEXT NOT NULL,
  n        INTEGER NOT NULL,
  from_day TEXT NOT NULL,
  said     TEXT NOT NULL,
  is_taken INTEGER NOT NULL,
  PRIMARY KEY (tenant, record, id, field, n)
) STRICT;
CREATE INDEX flow_version_coming ON flow_version (tenant, is_taken, from_day);
