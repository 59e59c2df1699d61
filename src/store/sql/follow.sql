-- What people follow (src/app/follows.c), and who is told (src/engine/flow).

-- name: follow_of
-- doc: of a person, the newest first
-- in: tenant str, person str, most int
-- out: record str, id str, tells int
-- many
SELECT record, id, tells FROM follow WHERE tenant = :tenant AND person = :person ORDER BY at_us DESC, id LIMIT :most;

-- name: follow_get
-- in: tenant str, person str, record str, id str
-- out: tells int
-- one
SELECT tells FROM follow WHERE tenant = :tenant AND person = :person AND record = :record AND id = :id;

-- name: follow_count
-- in: tenant str, person str
-- out: n int
-- one
SELECT count(*) FROM follow WHERE tenant = :tenant AND person = :person;

-- name: follow_insert
-- in: tenant str, person str, record str, id str, tells int, at_us int
-- exec
INSERT INTO follow (tenant, person, record, id, tells, at_us) VALUES (:tenant, :person, :record, :id, :tells, :at_us);

-- name: follow_drop
-- in: tenant str, person str, record str, id str
-- exec
DELETE FROM follow WHERE tenant = :tenant AND person = :person AND record = :record AND id = :id;

-- name: follow_told
-- doc: who is to be told of a record, but for whoever moved it
-- in: tenant str, record str, id str, but str, most int
-- out: person str
-- many
SELECT person FROM follow
WHERE tenant = :tenant AND record = :record AND id = :id AND tells <> 0 AND person <> :but ORDER BY person LIMIT :most;

-- name: follow_views
-- doc: views that a person keeps, by list and name
-- in: tenant str, account str, most int
-- out: id str, name str, list str, query str
-- many
SELECT id, name, list, query FROM list_view WHERE tenant = :tenant AND person = :account ORDER BY list, name, id LIMIT :most;
