-- What the pages of systems at work ask besides the engine (flow.sql).

-- name: system_unit_named
-- doc: units that tables of packages name
-- in: tenant str, name str
-- out: id str, kind str
-- many
SELECT id, kind FROM unit WHERE tenant = :tenant AND name = :name ORDER BY id LIMIT 2;

-- name: system_login_of
-- doc: the open account of a person
-- in: tenant str, person str
-- out: login str
-- one
SELECT login FROM account WHERE tenant = :tenant AND person = :person AND state = 'open';
