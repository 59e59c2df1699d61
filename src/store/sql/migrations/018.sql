-- The steps of DDL that made the tables of declarations, in their order. `made`: the table or index that the step makes or
-- drops; empty when it changes a column.
CREATE TABLE declared_step (
  tenant TEXT NOT NULL,
  n      INTEGER NOT NULL,
  made   TEXT NOT NULL,
  sql    TEXT NOT NULL,
  PRIMARY KEY (tenant, n)
) STRICT;
CREATE INDEX declared_step_made ON declared_step (tenant, made);
