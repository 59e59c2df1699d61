-- Sheets of records on their way in (src/app/systems_sheet.c).

-- name: flow_sheet_get
-- in: tenant str, id str
-- out: person str, record str, act str, rows int, tried int, taken int, made int, is_taking int, at_us int
-- one
SELECT person, record, act, rows, tried, taken, made, is_taking, at_us FROM flow_sheet WHERE tenant = :tenant AND id = :id;

-- name: flow_sheet_of
-- doc: those that somebody has on the way with this act, the newest first
-- in: tenant str, person str, record str, act str
-- out: id str, rows int, tried int, taken int, is_taking int, at_us int, name str
-- many
SELECT s.id, s.rows, s.tried, s.taken, s.is_taking, s.at_us, d.name
FROM flow_sheet s JOIN import_draft d ON d.tenant = s.tenant AND d.id = s.id
WHERE s.tenant = :tenant AND s.person = :person AND s.record = :record AND s.act = :act ORDER BY s.id DESC LIMIT 20;

-- name: flow_sheet_count
-- in: tenant str, person str
-- out: n int
-- one
SELECT count(*) FROM flow_sheet WHERE tenant = :tenant AND person = :person;

-- name: flow_sheet_insert
-- in: tenant str, id str, person str, record str, act str, rows int, at_us int
-- exec
INSERT INTO flow_sheet (tenant, id, person, record, act, rows, tried, taken, made, is_taking, at_us)
VALUES (:tenant, :id, :person, :record, :act, :rows, 0, 0, 0, 0, :at_us);

-- name: flow_sheet_tried
-- doc: conditional: of two that did the same portion one counts
-- in: tenant str, id str, tried int, was int
-- exec
UPDATE flow_sheet SET tried = :tried WHERE tenant = :tenant AND id = :id AND tried = :was AND is_taking = 0;

-- name: flow_sheet_take
-- in: tenant str, id str
-- exec
UPDATE flow_sheet SET is_taking = 1 WHERE tenant = :tenant AND id = :id AND is_taking = 0 AND tried = rows;

-- name: flow_sheet_taken
-- in: tenant str, id str, taken int, made int, was int
-- exec
UPDATE flow_sheet SET taken = :taken, made = made + :made
WHERE tenant = :tenant AND id = :id AND taken = :was AND is_taking = 1;

-- name: flow_sheet_drop
-- doc: this one, and those that stood longer than their sheets are kept
-- in: tenant str, id str, before_us int
-- exec
DELETE FROM flow_sheet WHERE tenant = :tenant AND (id = :id OR at_us < :before_us);

-- name: flow_sheet_row_insert
-- in: tenant str, sheet str, n int, says str
-- exec
INSERT INTO flow_sheet_row (tenant, sheet, n, says) VALUES (:tenant, :sheet, :n, :says);

-- name: flow_sheet_rows
-- in: tenant str, sheet str, most int
-- out: n int, says str
-- many
SELECT n, says FROM flow_sheet_row WHERE tenant = :tenant AND sheet = :sheet ORDER BY n LIMIT :most;

-- name: flow_sheet_bad
-- in: tenant str, sheet str
-- out: n int
-- one
SELECT count(*) FROM flow_sheet_row WHERE tenant = :tenant AND sheet = :sheet;

-- name: flow_sheet_rows_drop
-- doc: of this one, and of those that are gone
-- in: tenant str, sheet str
-- exec
DELETE FROM flow_sheet_row WHERE tenant = :tenant AND (sheet = :sheet
  OR NOT EXISTS (SELECT 1 FROM flow_sheet s WHERE s.tenant = :tenant AND s.id = flow_sheet_row.sheet));
