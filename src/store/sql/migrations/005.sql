-- Units as of any day. `unit` is what holds today (a closed unit: what it was last; one to come: what it will be), made from
-- unit_version with every act; names may be used again after a unit was closed.
DROP INDEX unit_name;
CREATE INDEX unit_by_name ON unit (tenant, name, id);
ALTER TABLE unit ADD COLUMN place INTEGER NOT NULL DEFAULT 0;
ALTER TABLE unit ADD COLUMN stage TEXT NOT NULL DEFAULT '';
ALTER TABLE unit ADD COLUMN credit_code TEXT NOT NULL DEFAULT '';
ALTER TABLE unit ADD COLUMN school_code TEXT NOT NULL DEFAULT '';
ALTER TABLE unit ADD COLUMN region TEXT NOT NULL DEFAULT '';
ALTER TABLE unit ADD COLUMN closed_day TEXT NOT NULL DEFAULT '9999-12-31';
ALTER TABLE unit ADD COLUMN updated_us INTEGER NOT NULL DEFAULT 0;
ALTER TABLE unit ADD COLUMN rev INTEGER NOT NULL DEFAULT 0;
CREATE INDEX unit_credit ON unit (tenant, credit_code, id);
CREATE INDEX unit_school ON unit (tenant, school_code, id);

-- Name, kind and place in the tree from a day until a day, both included, ISO; until_day is '9999-12-31' while it holds.
-- parent is '' for a unit that stands alone. reading and initials are pinyin: to sort by, and to search by.
CREATE TABLE unit_version (
  tenant    TEXT NOT NULL,
  unit      TEXT NOT NULL,
  from_day  TEXT NOT NULL,
  until_day TEXT NOT NULL,
  name      TEXT NOT NULL,
  kind      TEXT NOT NULL,
  parent    TEXT NOT NULL,
  place     INTEGER NOT NULL,
  reading   TEXT NOT NULL,
  initials  TEXT NOT NULL,
  PRIMARY KEY (tenant, unit, from_day),
  FOREIGN KEY (tenant, unit) REFERENCES unit (tenant, id)
) STRICT;
CREATE INDEX unit_version_under ON unit_version (tenant, parent, place, reading, unit);
CREATE INDEX unit_version_initials ON unit_version (tenant, initials, unit);

-- What was done to the tree, in the order in which it became known; `other` is the unit merged into or split from.
CREATE TABLE unit_act (
  tenant TEXT NOT NULL,
  unit   TEXT NOT NULL,
  seq    INTEGER NOT NULL,
  act    TEXT NOT NULL,
  day    TEXT NOT NULL,
  other  TEXT NOT NULL,
  was    TEXT NOT NULL,
  now    TEXT NOT NULL,
  actor  TEXT NOT NULL,
  at_us  INTEGER NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (tenant, unit, seq),
  FOREIGN KEY (tenant, unit) REFERENCES unit (tenant, id)
) STRICT;
CREATE INDEX unit_act_other ON unit_act (tenant, other, seq);

ALTER TABLE person ADD COLUMN reading TEXT NOT NULL DEFAULT '';
ALTER TABLE person ADD COLUMN initials TEXT NOT NULL DEFAULT '';
CREATE INDEX person_reading ON person (tenant, reading, id);
CREATE INDEX person_initials ON person (tenant, initials, id);

-- Identity numbers, telephones and pupils' numbers, and nothing else: `value` is read only by register_secret.c, `probe`
-- finds an equal one.
CREATE TABLE person_secret (
  tenant TEXT NOT NULL,
  person TEXT NOT NULL,
  field  TEXT NOT NULL,
  value  TEXT NOT NULL,
  probe  TEXT NOT NULL,
  PRIMARY KEY (tenant, person, field),
  FOREIGN KEY (tenant, person) REFERENCES person (tenant, id)
) STRICT;
CREATE INDEX person_secret_probe ON person_secret (tenant, field, probe);

-- A pupil goes by the token wherever the name is not needed. Which class: a post of role pupil at the class.
CREATE TABLE pupil (
  tenant TEXT NOT NULL,
  person TEXT NOT NULL,
  token  TEXT NOT NULL,
  PRIMARY KEY (tenant, person),
  FOREIGN KEY (tenant, person) REFERENCES person (tenant, id)
) STRICT;
CREATE UNIQUE INDEX pupil_token ON pupil (tenant, token);

-- Who is guardian of which pupil, from a day until a day; a pupil may have several.
CREATE TABLE guardian (
  tenant    TEXT NOT NULL,
  id        TEXT NOT NULL,
  person    TEXT NOT NULL,
  pupil     TEXT NOT NULL,
  kin       TEXT NOT NULL,
  from_day  TEXT NOT NULL,
  until_day TEXT NOT NULL,
  PRIMARY KEY (tenant, id),
  FOREIGN KEY (tenant, person) REFERENCES person (tenant, id),
  FOREIGN KEY (tenant, pupil) REFERENCES pupil (tenant, person)
) STRICT;
CREATE INDEX guardian_person ON guardian (tenant, person, until_day);
CREATE INDEX guardian_pupil ON guardian (tenant, pupil, until_day);

-- While the holder of a post is away another person acts in it.
CREATE TABLE delegation (
  tenant    TEXT NOT NULL,
  id        TEXT NOT NULL,
  post      TEXT NOT NULL,
  deputy    TEXT NOT NULL,
  from_day  TEXT NOT NULL,
  until_day TEXT NOT NULL,
  reason    TEXT NOT NULL,
  PRIMARY KEY (tenant, id),
  FOREIGN KEY (tenant, post) REFERENCES post (tenant, id),
  FOREIGN KEY (tenant, deputy) REFERENCES person (tenant, id)
) STRICT;
CREATE INDEX delegation_post ON delegation (tenant, post, until_day);
CREATE INDEX delegation_deputy ON delegation (tenant, deputy, until_day);

-- Sheets that wait for somebody to say yes after the dry run; each is gone when it is taken in, or after a day.
CREATE TABLE import_draft (
  tenant TEXT NOT NULL,
  id     TEXT NOT NULL,
  what   TEXT NOT NULL,
  name   TEXT NOT NULL,
  bytes  BLOB NOT NULL,
  actor  TEXT NOT NULL,
  at_us  INTEGER NOT NULL,
  PRIMARY KEY (tenant, id)
) STRICT;

-- Units that were there before: they hold from the first day that the calendar of this program knows.
INSERT INTO unit_version (tenant, unit, from_day, until_day, name, kind, parent, place, reading, initials)
SELECT tenant, id, '1949-10-01', '9999-12-31', name, kind, COALESCE(parent, ''), 0, '', '' FROM unit;
