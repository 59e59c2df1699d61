-- What the search finds; the index of the engine over it is written by its driver.

-- name: search_head_get
-- in: tenant str
-- out: doc int, made int
-- one
SELECT doc, made FROM search_head WHERE tenant = :tenant;

-- name: search_head_start
-- in: tenant str, made int
-- exec
INSERT INTO search_head (tenant, doc, made) VALUES (:tenant, 0, :made);

-- name: search_head_move
-- doc: conditional, so that two writers never give one number twice
-- in: tenant str, doc int, was int
-- exec
UPDATE search_head SET doc = :doc WHERE tenant = :tenant AND doc = :was;

-- name: search_head_made
-- in: tenant str, made int
-- exec
UPDATE search_head SET made = :made WHERE tenant = :tenant;

-- name: search_row_get
-- in: tenant str, kind str, id str
-- out: doc int, unit str, title str, body str
-- one
SELECT doc, unit, title, body FROM search_row WHERE tenant = :tenant AND kind = :kind AND id = :id;

-- name: search_row_under
-- doc: rows of the ids that begin alike
-- in: tenant str, kind str, from_id str, until_id str
-- out: id str, doc int, unit str, title str, body str
-- many
SELECT id, doc, unit, title, body FROM search_row
WHERE tenant = :tenant AND kind = :kind AND id >= :from_id AND id < :until_id ORDER BY id;

-- name: search_row_ids
-- in: tenant str, kind str, after str, until str, most int
-- out: id str
-- many
SELECT id FROM search_row WHERE tenant = :tenant AND kind = :kind AND id > :after AND id < :until ORDER BY id LIMIT :most;

-- name: search_row_page
-- in: tenant str, after int
-- out: kind str, id str, doc int, unit str, title str, body str
-- many
SELECT kind, id, doc, unit, title, body FROM search_row WHERE tenant = :tenant AND doc > :after ORDER BY doc LIMIT 500;

-- name: search_row_count
-- in: tenant str
-- out: rows int
-- one
SELECT count(*) FROM search_row WHERE tenant = :tenant;

-- name: search_row_insert
-- in: tenant str, kind str, id str, doc int, unit str, title str, body str
-- exec
INSERT INTO search_row (tenant, kind, id, doc, unit, title, body) VALUES (:tenant, :kind, :id, :doc, :unit, :title, :body);

-- name: search_row_update
-- in: tenant str, kind str, id str, unit str, title str, body str
-- exec
UPDATE search_row SET unit = :unit, title = :title, body = :body WHERE tenant = :tenant AND kind = :kind AND id = :id;

-- name: search_row_delete
-- in: tenant str, kind str, id str
-- exec
DELETE FROM search_row WHERE tenant = :tenant AND kind = :kind AND id = :id;

-- name: search_row_erase
-- doc: a retention rule took words away: what is left of them
-- in: tenant str, kind str, id str, title str, body str
-- erases
-- exec
UPDATE search_row SET title = :title, body = :body WHERE tenant = :tenant AND kind = :kind AND id = :id;

-- name: search_row_erase_all
-- doc: its text is another one than search_row_delete has: the journal knows statements by their texts
-- in: tenant str, kind str, id str
-- erases
-- exec
DELETE FROM search_row WHERE tenant = :tenant AND id = :id AND kind = :kind;

-- name: search_kind_delete
-- in: tenant str, kind str
-- exec
DELETE FROM search_row WHERE tenant = :tenant AND kind = :kind;

-- name: search_row_last
-- doc: the row added last
-- in: tenant str
-- out: kind str, id str, doc int, title str, body str
-- many
SELECT kind, id, doc, title, body FROM search_row WHERE tenant = :tenant ORDER BY doc DESC LIMIT 1;
