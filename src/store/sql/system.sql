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

-- name: system_units
-- doc: units of a kind that are open, to choose from
-- in: tenant str, kind str, any int, today str, most int
-- out: id str, name str
-- many
SELECT id, name FROM unit WHERE tenant = :tenant AND (:any = 1 OR kind = :kind) AND closed_day > :today
ORDER BY place, id LIMIT :most;

-- name: system_people
-- doc: holders of a role today, to choose from
-- in: tenant str, role str, today str, most int
-- out: id str, name str, unit str
-- many
SELECT h.id, h.name, u.name FROM post p JOIN person h ON h.tenant = p.tenant AND h.id = p.person
JOIN unit u ON u.tenant = p.tenant AND u.id = p.unit
WHERE p.tenant = :tenant AND p.role = :role AND p.from_day <= :today AND p.until_day >= :today
ORDER BY h.name, h.id LIMIT :most;

-- name: system_files_loose
-- in: tenant str, person str
-- out: n int
-- one
SELECT count(*) FROM flow_file WHERE tenant = :tenant AND record = '' AND owner = '' AND person = :person;

-- name: system_drafts
-- in: tenant str, person str
-- out: n int
-- one
SELECT count(*) FROM flow_draft WHERE tenant = :tenant AND person = :person;
