-- What retention takes away besides the cells of declared tables (src/engine/flow/keep_store.c).

-- name: flow_keep_files
-- doc: bytes that a record holds in a field, or in any
-- in: tenant str, record str, owner str, field str
-- out: hash str
-- many
SELECT hash FROM flow_file WHERE tenant = :tenant AND record = :record AND owner = :owner
-- if field
  AND field = :field
-- end
ORDER BY hash;

-- name: flow_keep_files_erase
-- in: tenant str, record str, owner str, field str
-- erases
-- exec
DELETE FROM flow_file WHERE tenant = :tenant AND record = :record AND owner = :owner
-- if field
  AND field = :field
-- end
;

-- name: flow_keep_paper_erase
-- in: tenant str, id str
-- erases
-- exec
DELETE FROM flow_paper WHERE tenant = :tenant AND id = :id;

-- name: flow_keep_bytes_erase
-- doc: bytes that nothing speaks of any more
-- in: tenant str, hash str
-- erases
-- exec
DELETE FROM file WHERE tenant = :tenant AND hash = :hash
  AND NOT EXISTS (SELECT 1 FROM flow_file f WHERE f.tenant = :tenant AND f.hash = :hash)
  AND NOT EXISTS (SELECT 1 FROM flow_paper p WHERE p.tenant = :tenant AND (p.docx = :hash OR p.pdf = :hash))
  AND NOT EXISTS (SELECT 1 FROM plan_draft d WHERE d.tenant = :tenant AND d.file = :hash);

-- name: flow_keep_versions_erase
-- in: tenant str, record str, id str, field str
-- erases
-- exec
DELETE FROM flow_version WHERE tenant = :tenant AND record = :record AND id = :id
-- if field
  AND field = :field
-- end
;

-- name: flow_keep_event_cells_erase
-- doc: cells of a field that stands sealed in the events of a record
-- in: tenant str, record str, id str, field str
-- erases
-- exec
DELETE FROM event_seal WHERE tenant = :tenant AND field = :field
  AND seq IN (SELECT e.seq FROM event e WHERE e.tenant = :tenant AND e.record = :record AND e.id = :id);

-- name: flow_keep_events_erase
-- doc: every value in the events of a record; the hashes stay, and the chain holds
-- in: tenant str, record str, id str
-- erases
-- exec
UPDATE event_field SET value = NULL, salt = NULL WHERE tenant = :tenant AND value IS NOT NULL
  AND seq IN (SELECT e.seq FROM event e WHERE e.tenant = :tenant AND e.record = :record AND e.id = :id);

-- name: flow_keep_day
-- doc: up to which day retention was done
-- in: tenant str, name str, day str
-- exec
UPDATE setting SET value = :day WHERE tenant = :tenant AND name = :name;
