-- The first schema. Every key begins with `tenant`, the authority whose data it is; ids are made by the program.

-- What people and programs did, in a chain of hashes. Rows are only ever added.
CREATE TABLE chain (
  tenant TEXT NOT NULL PRIMARY KEY,
  seq    INTEGER NOT NULL,
  hash   TEXT NOT NULL
) STRICT;
CREATE TABLE event (
  tenant     TEXT NOT NULL,
  seq        INTEGER NOT NULL,
  prev       TEXT NOT NULL,
  hash       TEXT NOT NULL,
  at_us      INTEGER NOT NULL,
  valid      TEXT NOT NULL,
  actor      TEXT NOT NULL,
  record     TEXT NOT NULL,
  id         TEXT NOT NULL,
  act        TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state   TEXT NOT NULL,
  payload    TEXT NOT NULL,
  PRIMARY KEY (tenant, seq)
) STRICT;
CREATE INDEX event_record ON event (tenant, record, id, seq);
-- The values of an event, each hashed with a salt of its own, so that one can be deleted and the chain still holds.
CREATE TABLE event_field (
  tenant TEXT NOT NULL,
  seq    INTEGER NOT NULL,
  field  TEXT NOT NULL,
  hash   TEXT NOT NULL,
  salt   BLOB,
  value  TEXT,
  PRIMARY KEY (tenant, seq, field),
  FOREIGN KEY (tenant, seq) REFERENCES event (tenant, seq)
) STRICT;

-- Values the installation needs itself.
CREATE TABLE setting (
  tenant TEXT NOT NULL,
  name   TEXT NOT NULL,
  value  TEXT NOT NULL,
  PRIMARY KEY (tenant, name)
) STRICT;

-- Units and other names they go by.
CREATE TABLE unit (
  tenant TEXT NOT NULL,
  id     TEXT NOT NULL,
  name   TEXT NOT NULL,
  kind   TEXT NOT NULL,
  parent TEXT,
  PRIMARY KEY (tenant, id)
) STRICT;
CREATE UNIQUE INDEX unit_name ON unit (tenant, name, parent);
CREATE TABLE unit_alias (
  tenant TEXT NOT NULL,
  unit   TEXT NOT NULL,
  alias  TEXT NOT NULL,
  PRIMARY KEY (tenant, unit, alias),
  FOREIGN KEY (tenant, unit) REFERENCES unit (tenant, id)
) STRICT;

-- Files as they came; one row for the same bytes.
CREATE TABLE file (
  tenant TEXT NOT NULL,
  hash   TEXT NOT NULL,
  size   INTEGER NOT NULL,
  bytes  BLOB NOT NULL,
  PRIMARY KEY (tenant, hash)
) STRICT;

-- Plans; what the compiler finds is computed again, these columns serve lists.
CREATE TABLE plan (
  tenant     TEXT NOT NULL,
  id         TEXT NOT NULL,
  title      TEXT NOT NULL,
  issuer     TEXT NOT NULL,
  number     TEXT NOT NULL,
  year       INTEGER NOT NULL,
  level      TEXT NOT NULL,
  name       TEXT NOT NULL,
  container  TEXT NOT NULL,
  file       TEXT NOT NULL,
  size       INTEGER NOT NULL,
  draft      INTEGER NOT NULL,
  voided     INTEGER NOT NULL,
  accepted_all INTEGER NOT NULL,
  created_us INTEGER NOT NULL,
  updated_us INTEGER NOT NULL,
  rev        INTEGER NOT NULL,
  items      INTEGER NOT NULL,
  accepted   INTEGER NOT NULL,
  errors     INTEGER NOT NULL,
  doubts     INTEGER NOT NULL,
  documents  INTEGER NOT NULL,
  search     TEXT NOT NULL,
  PRIMARY KEY (tenant, id)
) STRICT;
CREATE INDEX plan_newest ON plan (tenant, created_us DESC, id DESC);
CREATE INDEX plan_year ON plan (tenant, year DESC, id DESC);
CREATE INDEX plan_title ON plan (tenant, title, id);
CREATE INDEX plan_years ON plan (tenant, voided, year);
CREATE INDEX plan_issuers ON plan (tenant, voided, issuer);
CREATE INDEX plan_file ON plan (tenant, file);
CREATE TABLE plan_draft (
  tenant TEXT NOT NULL,
  plan   TEXT NOT NULL,
  draft  INTEGER NOT NULL,
  name   TEXT NOT NULL,
  file   TEXT NOT NULL,
  year   INTEGER NOT NULL,
  actor  TEXT NOT NULL,
  at_us  INTEGER NOT NULL,
  PRIMARY KEY (tenant, plan, draft),
  FOREIGN KEY (tenant, plan) REFERENCES plan (tenant, id),
  FOREIGN KEY (tenant, file) REFERENCES file (tenant, hash)
) STRICT;

-- Acts on a plan that can be taken back: `undone` is the seq of the event that did.
CREATE TABLE plan_act (
  tenant TEXT NOT NULL,
  plan   TEXT NOT NULL,
  seq    INTEGER NOT NULL,
  act    TEXT NOT NULL,
  undone INTEGER,
  PRIMARY KEY (tenant, plan, seq)
) STRICT;
-- What people changed in what the compiler found. A later row of the same key and field wins.
CREATE TABLE plan_correction (
  tenant     TEXT NOT NULL,
  plan       TEXT NOT NULL,
  seq        INTEGER NOT NULL,
  n          INTEGER NOT NULL,
  act        TEXT NOT NULL,
  subject    TEXT NOT NULL,
  fact       TEXT NOT NULL,
  item       TEXT NOT NULL,
  field      TEXT NOT NULL,
  value      TEXT NOT NULL,
  item_title TEXT NOT NULL,
  words      TEXT NOT NULL,
  actor      TEXT NOT NULL,
  at_us      INTEGER NOT NULL,
  reason     TEXT NOT NULL,
  undone     INTEGER,
  PRIMARY KEY (tenant, plan, seq, n),
  FOREIGN KEY (tenant, plan) REFERENCES plan (tenant, id)
) STRICT;
CREATE TABLE plan_acceptance (
  tenant TEXT NOT NULL,
  plan   TEXT NOT NULL,
  seq    INTEGER NOT NULL,
  item   TEXT NOT NULL,
  digest TEXT NOT NULL,
  actor  TEXT NOT NULL,
  at_us  INTEGER NOT NULL,
  ended  INTEGER,
  PRIMARY KEY (tenant, plan, seq, item),
  FOREIGN KEY (tenant, plan) REFERENCES plan (tenant, id)
) STRICT;
-- Links between items of two plans that a person confirmed or cut.
CREATE TABLE plan_link (
  tenant     TEXT NOT NULL,
  left_plan  TEXT NOT NULL,
  right_plan TEXT NOT NULL,
  seq        INTEGER NOT NULL,
  left_item  TEXT NOT NULL,
  right_item TEXT NOT NULL,
  cut        INTEGER NOT NULL,
  undone     INTEGER,
  PRIMARY KEY (tenant, left_plan, right_plan, seq),
  FOREIGN KEY (tenant, left_plan) REFERENCES plan (tenant, id),
  FOREIGN KEY (tenant, right_plan) REFERENCES plan (tenant, id)
) STRICT;
