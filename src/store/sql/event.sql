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
-- doc: of one event; compartment and cell belong to a sealed value
-- in: tenant str, seq int
-- out: field str, hash str, salt blob?, value str?, compartment str?, cell str?
-- many
SELECT f.field, f.hash, f.salt, f.value, s.compartment, s.cell FROM event_field f
LEFT JOIN event_seal s ON s.tenant = f.tenant AND s.seq = f.seq AND s.field = f.field
WHERE f.tenant = :tenant AND f.seq = :seq ORDER BY f.field;

-- name: event_fields_from
-- doc: values of all events in order, behind one of them, to verify
-- in: tenant str, seq int, field str
-- out: seq int, field str, hash str, salt blob?, value str?, compartment str?, cell str?
-- many
SELECT f.seq, f.field, f.hash, f.salt, f.value, s.compartment, s.cell FROM event_field f
LEFT JOIN event_seal s ON s.tenant = f.tenant AND s.seq = f.seq AND s.field = f.field
WHERE f.tenant = :tenant AND f.seq >= :seq AND (f.seq > :seq OR f.field > :field)
ORDER BY f.seq, f.field LIMIT 1000;

-- name: event_seal_insert
-- in: tenant str, seq int, field str, compartment str, cell str
-- exec
INSERT INTO event_seal (tenant, seq, field, compartment, cell) VALUES (:tenant, :seq, :field, :compartment, :cell);

-- name: event_seal_stray
-- doc: cells that belong to no value
-- in: tenant str
-- out: seq int, field str
-- many
SELECT s.seq, s.field FROM event_seal s WHERE s.tenant = :tenant
  AND NOT EXISTS (SELECT 1 FROM event_field f WHERE f.tenant = s.tenant AND f.seq = s.seq AND f.field = s.field)
ORDER BY s.seq, s.field LIMIT 100;

-- name: event_stranger
-- doc: rows of a tenant that is not here
-- in: tenant str
-- out: seq int
-- many
SELECT seq FROM event WHERE tenant <> :tenant UNION ALL SELECT seq FROM event_field WHERE tenant <> :tenant
UNION ALL SELECT seq FROM chain WHERE tenant <> :tenant UNION ALL SELECT seq FROM event_seal WHERE tenant <> :tenant
UNION ALL SELECT seq FROM anchor WHERE tenant <> :tenant
LIMIT 1;

-- name: anchor_insert
-- in: tenant str, day str, seq int, hash str, events int, at_us int, actor str, signer str, signature str, made int
-- exec
INSERT INTO anchor (tenant, day, seq, hash, events, at_us, actor, signer, signature, made)
VALUES (:tenant, :day, :seq, :hash, :events, :at_us, :actor, :signer, :signature, :made);

-- name: anchor_get
-- doc: of a day; the last one when day is empty
-- in: tenant str, day str
-- out: day str, seq int, hash str, events int, at_us int, actor str, signer str, signature str, made int
-- one
SELECT day, seq, hash, events, at_us, actor, signer, signature, made FROM anchor
WHERE tenant = :tenant AND (day = :day OR :day = '') ORDER BY day DESC LIMIT 1;

-- name: anchor_list
-- doc: newest first
-- in: tenant str, before str, most int
-- out: day str, seq int, hash str, events int, at_us int, actor str, signer str, signature str, made int
-- many
SELECT day, seq, hash, events, at_us, actor, signer, signature, made FROM anchor
WHERE tenant = :tenant AND day < :before ORDER BY day DESC LIMIT :most;

-- name: anchor_after
-- doc: each with the hash of the event it fixes, and what the event that made it says, to verify
-- in: tenant str, after str
-- out: day str, seq int, hash str, events int, at_us int, actor str, signer str, signature str, made int, stands str?, made_record str?, made_id str?, made_act str?, made_actor str?, made_at int?
-- many
SELECT a.day, a.seq, a.hash, a.events, a.at_us, a.actor, a.signer, a.signature, a.made, e.hash, m.record, m.id, m.act,
  m.actor, m.at_us
FROM anchor a LEFT JOIN event e ON e.tenant = a.tenant AND e.seq = a.seq
LEFT JOIN event m ON m.tenant = a.tenant AND m.seq = a.made
WHERE a.tenant = :tenant AND a.day > :after ORDER BY a.day LIMIT 100;

-- name: anchor_lost
-- doc: events that made an anchor which is not there
-- in: tenant str
-- out: seq int, id str
-- many
SELECT e.seq, e.id FROM event e WHERE e.tenant = :tenant AND e.record = 'anchor' AND e.act = 'fix'
  AND NOT EXISTS (SELECT 1 FROM anchor a WHERE a.tenant = e.tenant AND a.day = e.id AND a.made = e.seq)
ORDER BY e.seq LIMIT 100;

-- name: event_at
-- in: tenant str, seq int
-- out: hash str, at_us int
-- one
SELECT hash, at_us FROM event WHERE tenant = :tenant AND seq = :seq;

-- name: event_since
-- doc: the first known at or after a moment
-- in: tenant str, at_us int
-- out: seq int
-- one
SELECT seq FROM event WHERE tenant = :tenant AND at_us >= :at_us ORDER BY at_us, seq LIMIT 1;

-- name: event_acts
-- doc: which acts the newer events are about
-- in: tenant str, newest int
-- out: record str, act str
-- many
SELECT DISTINCT record, act FROM (SELECT record, act FROM event WHERE tenant = :tenant ORDER BY seq DESC LIMIT :newest)
AS newest ORDER BY record, act;

-- name: event_record_after
-- doc: the next kind of record that there is, by a step in the index
-- in: tenant str, record str
-- out: record str
-- one
SELECT record FROM event WHERE tenant = :tenant AND record > :record ORDER BY record LIMIT 1;

-- name: event_list
-- in: tenant str
-- out: at_us int, seq int, valid str, actor str, record str, id str, act str, from_state str, to_state str, prev str, payload str, hash str
-- list
SELECT at_us, seq, valid, actor, record, id, act, from_state, to_state, prev, payload, hash FROM event x WHERE tenant = :tenant;

-- name: event_history
-- doc: of one object, newest first
-- in: tenant str, record str, id str, before int, act str, most int
-- out: seq int, at_us int, valid str, actor str, record str, id str, act str, from_state str, to_state str, prev str, payload str, hash str
-- many
SELECT seq, at_us, valid, actor, record, id, act, from_state, to_state, prev, payload, hash
FROM event WHERE tenant = :tenant AND record = :record AND id = :id AND seq < :before
-- if act
  AND act = :act
-- end
ORDER BY seq DESC LIMIT :most;

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

-- name: story_marks
-- doc: what a story left behind besides its acts: levels of clocks, ends of rounds, values of fields, papers, messages, notices
-- in: tenant str
-- out: kind str, record str, name str, what str
-- many
SELECT 'level', e.record, c.value, l.value FROM event e
  JOIN event_field c ON c.tenant = e.tenant AND c.seq = e.seq AND c.field = 'clock'
  JOIN event_field l ON l.tenant = e.tenant AND l.seq = e.seq AND l.field = 'level'
  WHERE e.tenant = :tenant AND e.act = 'clock'
UNION SELECT 'fired', record, clock, CAST(fired AS TEXT) FROM flow_clock WHERE tenant = :tenant
UNION SELECT 'end', record, round, outcome FROM flow_round WHERE tenant = :tenant
UNION SELECT 'field', e.record, f.field, '' FROM event e JOIN event_field f ON f.tenant = e.tenant AND f.seq = e.seq
  WHERE e.tenant = :tenant AND e.record LIKE '%.%' AND coalesce(f.value, '') <> 'none'
UNION SELECT 'paper', record, paper, '' FROM flow_paper WHERE tenant = :tenant
UNION SELECT 'message', system, message, '' FROM flow_outbox WHERE tenant = :tenant
UNION SELECT 'notice', link, '', '' FROM notice WHERE tenant = :tenant;
