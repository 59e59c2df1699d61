-- What people follow: a record (system.record), or a view of theirs (view). tells: they are told when the record goes on.
CREATE TABLE follow (
  tenant TEXT NOT NULL,
  person TEXT NOT NULL,
  record TEXT NOT NULL,
  id     TEXT NOT NULL,
  tells  INTEGER NOT NULL,
  at_us  INTEGER NOT NULL,
  PRIMARY KEY (tenant, person, record, id)
) STRICT;

CREATE INDEX follow_by_record ON follow (tenant, record, id);
