-- Views of lists that people keep: what was asked for, as the address has it.
CREATE TABLE list_view (
  tenant     TEXT NOT NULL,
  id         TEXT NOT NULL,
  person     TEXT NOT NULL,
  list       TEXT NOT NULL,
  name       TEXT NOT NULL,
  query      TEXT NOT NULL,
  is_default INTEGER NOT NULL,
  PRIMARY KEY (tenant, id)
) STRICT;
CREATE UNIQUE INDEX list_view_name ON list_view (tenant, person, list, name);
