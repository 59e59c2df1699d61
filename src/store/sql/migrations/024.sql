-- Messages from and to other bodies. A key with which one of them and we sign: what it is is worked out from the ring and its id, it
-- stands nowhere. ended_us 0 = it is in force.
CREATE TABLE flow_party_key (
  tenant   TEXT NOT NULL,
  id       TEXT NOT NULL,
  system   TEXT NOT NULL,
  party    TEXT NOT NULL,
  made_us  INTEGER NOT NULL,
  ended_us INTEGER NOT NULL,
  PRIMARY KEY (tenant, id)
) STRICT;
CREATE INDEX flow_party_key_party ON flow_party_key (tenant, system, party, id);
-- Where messages for another body are sent; no row, or an empty address: they wait.
CREATE TABLE flow_party_address (
  tenant  TEXT NOT NULL,
  system  TEXT NOT NULL,
  party   TEXT NOT NULL,
  address TEXT NOT NULL,
  PRIMARY KEY (tenant, system, party)
) STRICT;
-- What came, once for each key of the other body. phase: waiting, done, closed. body: what was sent, sealed, as long as it waits.
-- record, owner: what it made or changed first.
CREATE TABLE flow_inbox (
  tenant  TEXT NOT NULL,
  system  TEXT NOT NULL,
  message TEXT NOT NULL,
  key     TEXT NOT NULL,
  id      TEXT NOT NULL,
  digest  TEXT NOT NULL,
  phase   TEXT NOT NULL,
  says    TEXT NOT NULL,
  body    TEXT NOT NULL,
  tries   INTEGER NOT NULL,
  came_us INTEGER NOT NULL,
  record  TEXT NOT NULL,
  owner   TEXT NOT NULL,
  PRIMARY KEY (tenant, system, message, key)
) STRICT;
CREATE UNIQUE INDEX flow_inbox_id ON flow_inbox (tenant, id);
CREATE INDEX flow_inbox_phase ON flow_inbox (tenant, phase, system, id);
-- What goes out, written in the transaction of its act. phase: waiting, sent (by us, says = what the other side answered), handed (by
-- a person). body: sealed, as long as it waits. again_us: not tried before.
CREATE TABLE flow_outbox (
  tenant   TEXT NOT NULL,
  id       TEXT NOT NULL,
  system   TEXT NOT NULL,
  message  TEXT NOT NULL,
  party    TEXT NOT NULL,
  key      TEXT NOT NULL,
  digest   TEXT NOT NULL,
  phase    TEXT NOT NULL,
  says     TEXT NOT NULL,
  body     TEXT NOT NULL,
  tries    INTEGER NOT NULL,
  made_us  INTEGER NOT NULL,
  sent_us  INTEGER NOT NULL,
  again_us INTEGER NOT NULL,
  PRIMARY KEY (tenant, id)
) STRICT;
CREATE INDEX flow_outbox_due ON flow_outbox (tenant, phase, again_us, id);
CREATE INDEX flow_outbox_message ON flow_outbox (tenant, system, message, id);
