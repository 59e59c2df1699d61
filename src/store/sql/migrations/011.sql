-- Sealed values of events: what the chain binds by its hash stands here under the key of its compartment, and can be
-- sealed anew. Deleting a value deletes its cell too.
CREATE TABLE event_seal (
  tenant      TEXT NOT NULL,
  seq         INTEGER NOT NULL,
  field       TEXT NOT NULL,
  compartment TEXT NOT NULL,
  cell        TEXT NOT NULL,
  PRIMARY KEY (tenant, seq, field),
  FOREIGN KEY (tenant, seq, field) REFERENCES event_field (tenant, seq, field)
) STRICT;
CREATE INDEX event_seal_compartment ON event_seal (tenant, compartment, seq, field);

-- One a day: where the chain stood, to be printed, signed and kept elsewhere. `made` is the event that made it.
CREATE TABLE anchor (
  tenant    TEXT NOT NULL,
  day       TEXT NOT NULL,
  seq       INTEGER NOT NULL,
  hash      TEXT NOT NULL,
  events    INTEGER NOT NULL,
  at_us     INTEGER NOT NULL,
  actor     TEXT NOT NULL,
  signer    TEXT NOT NULL,
  signature TEXT NOT NULL,
  made      INTEGER NOT NULL,
  PRIMARY KEY (tenant, day)
) STRICT;

-- For searching the record by person and by day.
CREATE INDEX event_actor ON event (tenant, actor, seq);
CREATE INDEX event_time ON event (tenant, at_us);
