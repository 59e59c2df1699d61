-- Sheets of records on their way in: tried and taken a portion of rows at a time. The sheet itself is the draft of the same id; a row
-- of flow_sheet_row is one that was refused, and why.
CREATE TABLE flow_sheet (
  tenant    TEXT NOT NULL,
  id        TEXT NOT NULL,
  person    TEXT NOT NULL,
  record    TEXT NOT NULL,
  act       TEXT NOT NULL,
  rows      INTEGER NOT NULL,
  tried     INTEGER NOT NULL,
  taken     INTEGER NOT NULL,
  made      INTEGER NOT NULL,
  is_taking INTEGER NOT NULL,
  at_us     INTEGER NOT NULL,
  PRIMARY KEY (tenant, id)
) STRICT;

CREATE INDEX flow_sheet_of ON flow_sheet (tenant, person, record, act);

CREATE TABLE flow_sheet_row (
  tenant TEXT NOT NULL,
  sheet  TEXT NOT NULL,
  n      INTEGER NOT NULL,
  says   TEXT NOT NULL,
  PRIMARY KEY (tenant, sheet, n)
) STRICT;
