-- What waits for a person (kind todo) and what they should know (news). The words are a text of the catalogue with what it
-- is about, so that each reads them in their language. read_us is 0 until then.
CREATE TABLE notice (
  tenant  TEXT NOT NULL,
  id      TEXT NOT NULL,
  person  TEXT NOT NULL,
  kind    TEXT NOT NULL,
  msg     TEXT NOT NULL,
  about   TEXT NOT NULL,
  n       INTEGER NOT NULL,
  link    TEXT NOT NULL,
  at_us   INTEGER NOT NULL,
  read_us INTEGER NOT NULL,
  PRIMARY KEY (tenant, id)
) STRICT;
CREATE INDEX notice_person ON notice (tenant, person, at_us DESC, id DESC);
CREATE INDEX notice_unread ON notice (tenant, person, read_us);
