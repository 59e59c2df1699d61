-- People and the posts they hold. A post is a role at a unit for a time; a person may hold several.
CREATE TABLE person (
  tenant     TEXT NOT NULL,
  id         TEXT NOT NULL,
  name       TEXT NOT NULL,
  created_us INTEGER NOT NULL,
  updated_us INTEGER NOT NULL,
  rev        INTEGER NOT NULL,
  PRIMARY KEY (tenant, id)
) STRICT;
CREATE INDEX person_name ON person (tenant, name, id);

-- from_day and until_day are ISO days, both included; until_day is '9999-12-31' while the post is open.
CREATE TABLE post (
  tenant    TEXT NOT NULL,
  id        TEXT NOT NULL,
  person    TEXT NOT NULL,
  unit      TEXT NOT NULL,
  role      TEXT NOT NULL,
  title     TEXT NOT NULL,
  from_day  TEXT NOT NULL,
  until_day TEXT NOT NULL,
  PRIMARY KEY (tenant, id),
  FOREIGN KEY (tenant, person) REFERENCES person (tenant, id),
  FOREIGN KEY (tenant, unit) REFERENCES unit (tenant, id)
) STRICT;
CREATE INDEX post_person ON post (tenant, person, until_day);
CREATE INDEX post_unit ON post (tenant, unit, role, until_day);
