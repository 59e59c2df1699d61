-- Cells under other keys than the current one, table by table; see store/reseal.h. `fresh` is LIKE what is passed over.

-- name: reseal_event_next
-- in: tenant str, compartment str, seq int, field str, fresh str, most int
-- out: seq int, field str, cell str
-- many
SELECT seq, field, cell FROM event_seal
WHERE tenant = :tenant AND compartment = :compartment AND seq >= :seq AND (seq > :seq OR field > :field)
  AND cell NOT LIKE :fresh
ORDER BY seq, field LIMIT :most;

-- name: reseal_event_put
-- in: tenant str, cell str, seq int, field str, was str
-- exec
UPDATE event_seal SET cell = :cell WHERE tenant = :tenant AND seq = :seq AND field = :field AND cell = :was;

-- name: reseal_event_uses
-- in: tenant str, compartment str, fresh str
-- out: n int
-- one
SELECT count(*) FROM event_seal WHERE tenant = :tenant AND compartment = :compartment AND cell LIKE :fresh;

-- name: reseal_event_all
-- doc: of every compartment
-- in: tenant str, fresh str
-- out: n int
-- one
SELECT count(*) FROM event_seal WHERE tenant = :tenant AND cell LIKE :fresh;

-- name: reseal_person_next
-- in: tenant str, person str, field str, fresh str, most int
-- out: person str, field str, cell str
-- many
SELECT person, field, value FROM person_secret
WHERE tenant = :tenant AND person >= :person AND (person > :person OR field > :field) AND value NOT LIKE :fresh
ORDER BY person, field LIMIT :most;

-- name: reseal_person_put
-- in: tenant str, cell str, person str, field str, was str
-- exec
UPDATE person_secret SET value = :cell
WHERE tenant = :tenant AND person = :person AND field = :field AND value = :was;

-- name: reseal_person_uses
-- in: tenant str, fresh str
-- out: n int
-- one
SELECT count(*) FROM person_secret WHERE tenant = :tenant AND value LIKE :fresh;

-- name: reseal_factor_next
-- doc: cells are blobs here, which LIKE does not read: `fresh` is how they begin
-- in: tenant str, account str, fresh blob, most int
-- out: account str, cell blob
-- many
SELECT account, secret FROM second_factor
WHERE tenant = :tenant AND account > :account AND substr(secret, 1, length(:fresh)) <> :fresh
ORDER BY account LIMIT :most;

-- name: reseal_factor_put
-- in: tenant str, cell blob, account str, was blob
-- exec
UPDATE second_factor SET secret = :cell WHERE tenant = :tenant AND account = :account AND secret = :was;

-- name: reseal_factor_uses
-- in: tenant str, fresh blob
-- out: n int
-- one
SELECT count(*) FROM second_factor WHERE tenant = :tenant AND substr(secret, 1, length(:fresh)) = :fresh;

-- name: reseal_draft_next
-- doc: one at a time, a sheet may be large; cells are blobs here, too
-- in: tenant str, id str, fresh blob
-- out: id str, cell blob
-- many
SELECT id, bytes FROM import_draft WHERE tenant = :tenant AND id > :id AND what IN ('people', 'pupils', 'sealed_records')
  AND substr(bytes, 1, length(:fresh)) <> :fresh
ORDER BY id LIMIT 1;

-- name: reseal_draft_put
-- in: tenant str, cell blob, id str, was blob
-- exec
UPDATE import_draft SET bytes = :cell WHERE tenant = :tenant AND id = :id AND bytes = :was;

-- name: reseal_draft_uses
-- in: tenant str, fresh blob
-- out: n int
-- one
SELECT count(*) FROM import_draft WHERE tenant = :tenant AND what IN ('people', 'pupils', 'sealed_records')
  AND substr(bytes, 1, length(:fresh)) = :fresh;

-- name: reseal_inbox_next
-- in: tenant str, id str, fresh str, most int
-- out: id str, cell str
-- many
SELECT id, body FROM flow_inbox
WHERE tenant = :tenant AND id > :id AND body <> '' AND body NOT LIKE :fresh ORDER BY id LIMIT :most;

-- name: reseal_inbox_put
-- in: tenant str, cell str, id str, was str
-- exec
UPDATE flow_inbox SET body = :cell WHERE tenant = :tenant AND id = :id AND body = :was;

-- name: reseal_inbox_uses
-- in: tenant str, fresh str
-- out: n int
-- one
SELECT count(*) FROM flow_inbox WHERE tenant = :tenant AND body LIKE :fresh;

-- name: reseal_outbox_next
-- in: tenant str, id str, fresh str, most int
-- out: id str, cell str
-- many
SELECT id, body FROM flow_outbox
WHERE tenant = :tenant AND id > :id AND body <> '' AND body NOT LIKE :fresh ORDER BY id LIMIT :most;

-- name: reseal_outbox_put
-- in: tenant str, cell str, id str, was str
-- exec
UPDATE flow_outbox SET body = :cell WHERE tenant = :tenant AND id = :id AND body = :was;

-- name: reseal_outbox_uses
-- in: tenant str, fresh str
-- out: n int
-- one
SELECT count(*) FROM flow_outbox WHERE tenant = :tenant AND body LIKE :fresh;
