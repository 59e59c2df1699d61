-- The journal of what was written, for going to a point of the event log.

-- name: journal_head_get
-- in: tenant str
-- out: n int, seq int, hash str, bytes int
-- one
SELECT n, seq, hash, bytes FROM journal_head WHERE tenant = :tenant;

-- name: journal_head_start
-- in: tenant str, seq int, hash str
-- exec
INSERT INTO journal_head (tenant, n, seq, hash, bytes) VALUES (:tenant, 0, :seq, :hash, 0);

-- name: journal_head_move
-- doc: conditional: the order of the numbers is the order of the transactions
-- in: tenant str, n int, seq int, hash str, bytes int, was int
-- exec
UPDATE journal_head SET n = :n, seq = :seq, hash = :hash, bytes = :bytes WHERE tenant = :tenant AND n = :was;

-- name: journal_texts
-- doc: what the programs that wrote here wrote with, a setting each
-- in: tenant str
-- out: name str, value str
-- many
SELECT name, value FROM setting WHERE tenant = :tenant AND name >= 'journal.texts.' AND name < 'journal.texts/' ORDER BY name;

-- name: journal_texts_clear
-- in: tenant str
-- exec
DELETE FROM setting WHERE tenant = :tenant AND name >= 'journal.texts.' AND name < 'journal.texts/';

-- name: journal_head_clear
-- in: tenant str
-- exec
DELETE FROM journal_head WHERE tenant = :tenant;

-- name: journal_insert
-- in: tenant str, n int, version int, at_us int, from_seq int, from_hash str, seq int, erases int, size int, digest str, acts blob
-- exec
INSERT INTO journal (tenant, n, version, at_us, from_seq, from_hash, seq, erases, size, digest, acts)
VALUES (:tenant, :n, :version, :at_us, :from_seq, :from_hash, :seq, :erases, :size, :digest, :acts);

-- name: journal_next
-- in: tenant str, after int
-- out: n int, version int, at_us int, from_seq int, from_hash str, seq int, erases int, digest str, acts blob
-- many
SELECT n, version, at_us, from_seq, from_hash, seq, erases, digest, acts FROM journal
WHERE tenant = :tenant AND n > :after ORDER BY n LIMIT 1;

-- name: journal_sizes
-- doc: rows without what they hold, oldest first
-- in: tenant str, after int
-- out: n int, at_us int, from_seq int, size int
-- many
SELECT n, at_us, from_seq, size FROM journal WHERE tenant = :tenant AND n > :after ORDER BY n LIMIT 500;

-- name: journal_trim
-- in: tenant str, n int
-- exec
DELETE FROM journal WHERE tenant = :tenant AND n <= :n;

-- name: journal_held
-- in: tenant str
-- out: rows int, bytes int
-- one
SELECT count(*), CAST(coalesce(sum(size), 0) AS BIGINT) FROM journal WHERE tenant = :tenant;

-- name: event_first_after
-- doc: seq of the first event that was known later; none = there is no later one
-- in: tenant str, at_us int
-- out: seq int
-- many
SELECT seq FROM event WHERE tenant = :tenant AND at_us > :at_us ORDER BY seq LIMIT 1;

-- name: event_values
-- doc: how many values of a field the events of one record still have
-- in: tenant str, record str, id str, field str
-- out: n int
-- one
SELECT count(*) FROM event_field f JOIN event e ON e.tenant = f.tenant AND e.seq = f.seq
WHERE e.tenant = :tenant AND e.record = :record AND e.id = :id AND f.field = :field AND f.value IS NOT NULL;

-- name: event_values_erase
-- doc: a person asked for it: every value of a field in the events of one record; the hashes stay, and the chain holds
-- in: tenant str, record str, id str, field str
-- erases
-- exec
UPDATE event_field SET value = NULL, salt = NULL WHERE tenant = :tenant AND field = :field AND value IS NOT NULL
  AND seq IN (SELECT e.seq FROM event e WHERE e.tenant = :tenant AND e.record = :record AND e.id = :id);

-- name: event_sealed_values
-- in: tenant str, record str, id str
-- out: n int
-- one
SELECT count(*) FROM event_seal s JOIN event e ON e.tenant = s.tenant AND e.seq = s.seq
WHERE e.tenant = :tenant AND e.record = :record AND e.id = :id;

-- name: event_sealed_erase
-- doc: what is sealed in the events of one record, before its cells go
-- in: tenant str, record str, id str
-- erases
-- exec
UPDATE event_field SET value = NULL, salt = NULL WHERE tenant = :tenant
  AND seq IN (SELECT e.seq FROM event e WHERE e.tenant = :tenant AND e.record = :record AND e.id = :id)
  AND EXISTS (SELECT 1 FROM event_seal s WHERE s.tenant = event_field.tenant AND s.seq = event_field.seq AND s.field = event_field.field);

-- name: event_seal_erase
-- in: tenant str, record str, id str
-- erases
-- exec
DELETE FROM event_seal WHERE tenant = :tenant
  AND seq IN (SELECT e.seq FROM event e WHERE e.tenant = :tenant AND e.record = :record AND e.id = :id);

-- name: event_field_erase
-- doc: a retention rule takes a value away; its hash stays, and the chain holds
-- in: tenant str, seq int, field str
-- erases
-- exec
UPDATE event_field SET value = NULL, salt = NULL WHERE tenant = :tenant AND seq = :seq AND field = :field;
