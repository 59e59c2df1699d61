-- Views of lists that people keep.

-- name: view_of_person
-- doc: of one list, the default one first
-- in: tenant str, person str, list str
-- out: id str, name str, query str, is_default int
-- many
SELECT id, name, query, is_default FROM list_view
WHERE tenant = :tenant AND person = :person AND list = :list ORDER BY is_default DESC, name, id;

-- name: view_list
-- doc: all that one person keeps
-- in: tenant str, person str
-- out: id str, name str, list str, query str, is_default int
-- list
SELECT id, name, list, query, is_default FROM list_view WHERE tenant = :tenant AND person = :person;

-- name: view_get
-- in: tenant str, id str, person str
-- out: id str, list str, name str, query str, is_default int
-- one
SELECT id, list, name, query, is_default FROM list_view WHERE tenant = :tenant AND id = :id AND person = :person;

-- name: view_insert
-- in: tenant str, id str, person str, list str, name str, query str
-- exec
INSERT INTO list_view (tenant, id, person, list, name, query, is_default)
VALUES (:tenant, :id, :person, :list, :name, :query, 0);

-- name: view_set_query
-- in: tenant str, id str, person str, query str
-- exec
UPDATE list_view SET query = :query WHERE tenant = :tenant AND id = :id AND person = :person;

-- name: view_clear_default
-- in: tenant str, person str, list str
-- exec
UPDATE list_view SET is_default = 0 WHERE tenant = :tenant AND person = :person AND list = :list AND is_default <> 0;

-- name: view_set_default
-- in: tenant str, id str, person str
-- exec
UPDATE list_view SET is_default = 1 WHERE tenant = :tenant AND id = :id AND person = :person;

-- name: view_delete
-- in: tenant str, id str, person str
-- exec
DELETE FROM list_view WHERE tenant = :tenant AND id = :id AND person = :person;
