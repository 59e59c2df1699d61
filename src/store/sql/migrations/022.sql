-- Papers of records: made once, kept as they are. The bytes are in table file; verify is the number by which somebody outside can ask
-- whether it is genuine, empty = none.
CREATE TABLE flow_paper (
  tenant TEXT NOT NULL,
  id     TEXT NOT NULL,
  record TEXT NOT NULL,
  owner  TEXT NOT NULL,
  paper  TEXT NOT NULL,
  number TEXT NOT NULL,
  verify TEXT NOT NULL,
  docx   TEXT NOT NULL,
  pdf    TEXT NOT NULL,
  pages  INTEGER NOT NULL,
  person TEXT NOT NULL,
  at_us  INTEGER NOT NULL,
  PRIMARY KEY (tenant, id)
) STRICT;
CREATE INDEX flow_paper_owner ON flow_paper (tenant, record, owner, id);
CREATE INDEX flow_paper_verify ON flow_paper (tenant, verify);
