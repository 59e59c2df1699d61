-- Who is asked: the parties of the open and finished rounds of a record, a person (role empty), or a role at a unit.
-- Rights (`asked`) read it. A row goes when its round is called off, and with its record.
CREATE TABLE round_party (
  tenant TEXT NOT NULL,
  record TEXT NOT NULL,
  role   TEXT NOT NULL,
  party  TEXT NOT NULL,
  id     TEXT NOT NULL,
  PRIMARY KEY (tenant, record, role, party, id)
) STRICT;
CREATE INDEX round_party_id ON round_party (tenant, record, id);
