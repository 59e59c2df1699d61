-- Effects `each … batch: yes`: what is to be done for each of many, one transaction an element. place: where the effect stands in the
-- declaration of the record; next: the first element that was not seen to. done_us is 0 until all were.
CREATE TABLE flow_batch (
  tenant   TEXT NOT NULL,
  batch    TEXT NOT NULL,
  record   TEXT NOT NULL,
  id       TEXT NOT NULL,
  place    TEXT NOT NULL,
  kind     TEXT NOT NULL,
  count    INTEGER NOT NULL,
  next     INTEGER NOT NULL,
  failed   INTEGER NOT NULL,
  begun_us INTEGER NOT NULL,
  done_us  INTEGER NOT NULL,
  PRIMARY KEY (tenant, batch)
) STRICT;
CREATE INDEX flow_batch_pending ON flow_batch (tenant, done_us, batch);
-- Its elements, a thousand a row, with commas between; gone when it is done.
CREATE TABLE flow_batch_part (
  tenant TEXT NOT NULL,
  batch  TEXT NOT NULL,
  part   INTEGER NOT NULL,
  ids    TEXT NOT NULL,
  PRIMARY KEY (tenant, batch, part)
) STRICT;
-- Elements for which it was refused, and why.
CREATE TABLE flow_batch_failed (
  tenant  TEXT NOT NULL,
  batch   TEXT NOT NULL,
  element TEXT NOT NULL,
  record  TEXT NOT NULL,
  id      TEXT NOT NULL,
  says    TEXT NOT NULL,
  at_us   INTEGER NOT NULL,
  PRIMARY KEY (tenant, batch, element)
) STRICT;
