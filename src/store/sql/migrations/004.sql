-- What the search finds: a row a record. `doc` numbers the rows in the order in which they were added. The engine's own
-- index over them, search_index, is made by its driver.
CREATE TABLE search_row (
  tenant TEXT NOT NULL,
  kind   TEXT NOT NULL,
  id     TEXT NOT NULL,
  doc    INTEGER NOT NULL,
  unit   TEXT NOT NULL,
  title  TEXT NOT NULL,
  body   TEXT NOT NULL,
  PRIMARY KEY (tenant, kind, id)
) STRICT;
CREATE UNIQUE INDEX search_doc ON search_row (tenant, doc);
-- The last number given, and which way of cutting words the index was made with.
CREATE TABLE search_head (
  tenant TEXT NOT NULL PRIMARY KEY,
  doc    INTEGER NOT NULL,
  made   INTEGER NOT NULL
) STRICT;
