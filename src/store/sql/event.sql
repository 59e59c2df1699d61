-- The chain of events and its values.

-- name: chain_get
-- in: tenant str
-- out: seq int, hash str
-- one
SELECT seq, hash FROM chain WHERE tenant = :tenant;

-- name: chain_start
-- in: tenant str
-- exec
INSERT INTO chain (tenant, seq, hash) VALUES (:tenant, 0, '');

-- name: chain_move
-- doc: conditional, so that two writers cannot both follow the same event
-- in: tenant str, seq int, hash str, was int
-- exec
UPDATE chain SET seq = :seq, hash = :hash WHERE tenant = :tenant AND seq = :was;

-- name: event_insert
-- in: tenant str, seq int, prev str, hash str, at_us int, valid str, actor str, record str, id str, act str, from_state str, to_state str, payload str
-- exec
INSERT INTO event (tenant, seq, prev, hash, at_us, valid, actor, record, id, act, from_state, to_state, payload)
VALUES (:tenant, :seq, :prev, :hash, :at_us, :valid, :actor, :record, :id, :act, :from_state, :to_state, :payload);

-- name: event_field_insert
-- in: tenant str, seq int, field str, hash str, salt blob, value str
-- exec
INSERT INTO event_field (tenant, seq, field, hash, salt, value) VALUES (:tenant, :seq, :field, :hash, :salt, :value);

-- name: event_after
-- doc: events in order, to verify
-- in: tenant str, after int
-- out: seq int, prev str, hash str, at_us int, valid str, actor str, record str, id str, act str, from_state str, to_state str, payload str
-- many
SELECT seq, prev, hash, at_us, valid, actor, record, id, act, from_state, to_state, payload
FROM event WHERE tenant = :tenant AND seq > :after ORDER BY seq LIMIT 500;

-- name: event_fields
-- in: tenant str, seq int
-- out: field str, hash str, salt blob?, value str?
-- many
SELECT field, hash, salt, value FROM event_field WHERE tenant = :tenant AND seq = :seq ORDER BY field;

-- name: event_stray
-- doc: values that belong to no event
-- in: tenant str
-- out: seq int
-- many
SELECT f.seq FROM event_field f WHERE f.tenant = :tenant
  AND NOT EXISTS (SELECT 1 FROM event e WHERE e.tenant = f.tenant AND e.seq = f.seq) ORDER BY f.seq LIMIT 1;

-- name: event_of
-- doc: events of one record, newest first
-- in: tenant str, record str, id str, before int, most int
-- out: seq int, hash str, at_us int, actor str, act str
-- many
SELECT seq, hash, at_us, actor, act FROM event
WHERE tenant = :tenant AND record = :record AND id = :id AND seq < :before ORDER BY seq DESC LIMIT :most;

-- name: setting_get
-- in: tenant str, name str
-- out: value str
-- one
SELECT value FROM setting WHERE tenant = :tenant AND name = :name;

-- name: setting_add
-- in: tenant str, name str, value str
-- exec
INSERT INTO setting (tenant, name, value) VALUES (:tenant, :name, :value);

-- name: unit_all
-- in: tenant str
-- out: id str, name str, kind str, parent str?
-- many
SELECT id, name, kind, parent FROM unit WHERE tenant = :tenant ORDER BY id;

-- name: unit_insert
-- in: tenant str, id str, name str, kind str, parent str?
-- exec
INSERT INTO unit (tenant, id, name, kind, parent) VALUES (:tenant, :id, :name, :kind, :parent);

-- name: unit_alias_all
-- in: tenant str
-- out: unit str, alias str
-- many
SELECT unit, alias FROM unit_alias WHERE tenant = :tenant ORDER BY unit, alias;

-- name: unit_alias_insert
-- in: tenant str, unit str, alias str
-- exec
INSERT INTO unit_alias (tenant, unit, alias) VALUES (:tenant, :unit, :alias);
