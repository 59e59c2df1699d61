-- People, posts, pupils and their guardians.

-- name: person_insert
-- in: tenant str, id str, name str, reading str, initials str, at_us int
-- exec
INSERT INTO person (tenant, id, name, reading, initials, created_us, updated_us, rev)
VALUES (:tenant, :id, :name, :reading, :initials, :at_us, :at_us, 1);

-- name: person_rename
-- in: tenant str, id str, was int, name str, reading str, initials str, at_us int
-- exec
UPDATE person SET name = :name, reading = :reading, initials = :initials, updated_us = :at_us, rev = rev + 1
WHERE tenant = :tenant AND id = :id AND rev = :was;

-- name: person_get
-- in: tenant str, id str
-- out: name str, reading str, created_us int, updated_us int, rev int
-- one
SELECT name, reading, created_us, updated_us, rev FROM person WHERE tenant = :tenant AND id = :id;

-- name: person_list
-- doc: people, each with the post of the day that is held longest
-- in: day str, tenant str
-- out: id str, name str, reading str, role str, title str, unit str, unit_name str, unit_kind str, above str, since str, created_us int
-- list
SELECT r.id, r.name, r.reading, COALESCE(m.role, ''), COALESCE(m.title, ''), COALESCE(m.unit, ''), COALESCE(u.name, ''),
  COALESCE(u.kind, ''), COALESCE(a.name, ''), COALESCE(m.from_day, ''), r.created_us
FROM person r
LEFT JOIN post m ON m.tenant = r.tenant AND m.id = (SELECT h.id FROM post h WHERE h.tenant = r.tenant
  AND h.person = r.id AND h.from_day <= :day AND h.until_day >= :day ORDER BY h.from_day, h.id LIMIT 1)
LEFT JOIN unit u ON u.tenant = m.tenant AND u.id = m.unit
LEFT JOIN unit a ON a.tenant = u.tenant AND a.id = u.parent
WHERE r.tenant = :tenant;

-- name: person_named
-- in: tenant str, name str
-- out: id str
-- many
SELECT id FROM person WHERE tenant = :tenant AND name = :name ORDER BY id LIMIT 2;

-- name: person_secret_get
-- in: tenant str, person str, field str
-- out: value str
-- one
SELECT value FROM person_secret WHERE tenant = :tenant AND person = :person AND field = :field;

-- name: person_secret_drop
-- in: tenant str, person str, field str
-- exec
DELETE FROM person_secret WHERE tenant = :tenant AND person = :person AND field = :field;

-- name: person_secret_insert
-- in: tenant str, person str, field str, value str, probe str
-- exec
INSERT INTO person_secret (tenant, person, field, value, probe) VALUES (:tenant, :person, :field, :value, :probe);

-- name: person_secret_fields
-- in: tenant str, person str
-- out: field str
-- many
SELECT field FROM person_secret WHERE tenant = :tenant AND person = :person ORDER BY field;

-- name: person_secret_erase
-- in: tenant str, person str
-- erases
-- exec
DELETE FROM person_secret WHERE tenant = :tenant AND person = :person;

-- name: person_secret_same
-- doc: in any order; asked for one, SQLite walks all numbers in it rather than use the index of probes
-- in: tenant str, field str, probe str
-- out: person str
-- many
SELECT person FROM person_secret WHERE tenant = :tenant AND field = :field AND probe = :probe LIMIT 20;

-- name: post_insert
-- in: tenant str, id str, person str, unit str, role str, title str, from_day str, until_day str
-- exec
INSERT INTO post (tenant, id, person, unit, role, title, from_day, until_day)
VALUES (:tenant, :id, :person, :unit, :role, :title, :from_day, :until_day);

-- name: post_change
-- in: tenant str, id str, unit str, until_day str
-- exec
UPDATE post SET unit = :unit, until_day = :until_day WHERE tenant = :tenant AND id = :id;

-- name: post_get
-- in: tenant str, id str
-- out: person str, unit str, role str, title str, from_day str, until_day str
-- one
SELECT person, unit, role, title, from_day, until_day FROM post WHERE tenant = :tenant AND id = :id;

-- name: post_of_person
-- doc: the latest first. One person has few: the caller's ceiling is enough, and without LIMIT SQLite sorts without a table
-- in: tenant str, person str
-- out: id str, unit str, unit_name str, unit_kind str, role str, title str, from_day str, until_day str
-- many
SELECT p.id, p.unit, u.name AS unit_name, u.kind AS unit_kind, p.role, p.title, p.from_day, p.until_day
FROM post p JOIN unit u ON u.tenant = p.tenant AND u.id = p.unit
WHERE p.tenant = :tenant AND p.person = :person ORDER BY p.until_day DESC, p.from_day DESC, p.id;

-- name: post_at_unit
-- doc: held at a unit on a day, by role; pupils: only those of role pupil, else everyone else
-- in: tenant str, unit str, day str, after_role str, after_id str, most int
-- out: id str, person str, name str, role str, title str, from_day str, until_day str
-- many
SELECT p.id, p.person, n.name, p.role, p.title, p.from_day, p.until_day
FROM post p JOIN person n ON n.tenant = p.tenant AND n.id = p.person
WHERE p.tenant = :tenant AND p.unit = :unit AND p.from_day <= :day AND p.until_day >= :day
-- if pupils
  AND p.role = 'pupil'
-- else
  AND p.role <> 'pupil'
-- end
-- if after
  AND (p.role > :after_role OR (p.role = :after_role AND p.id > :after_id))
-- end
ORDER BY p.role, p.id LIMIT :most;

-- name: post_from
-- doc: posts at a unit that are not over before a day
-- in: tenant str, unit str, day str
-- out: id str, person str, unit str, role str, title str, from_day str, until_day str
-- many
SELECT id, person, unit, role, title, from_day, until_day FROM post
WHERE tenant = :tenant AND unit = :unit AND until_day >= :day ORDER BY id;

-- name: post_same
-- doc: the same post of a person in an overlapping time; the caller wants to know whether there is one
-- in: tenant str, person str, unit str, role str, from_day str, until_day str
-- out: id str
-- many
SELECT id FROM post WHERE tenant = :tenant AND person = :person AND unit = :unit AND role = :role
  AND from_day <= :until_day AND until_day >= :from_day;

-- name: pupil_insert
-- in: tenant str, person str, token str
-- exec
INSERT INTO pupil (tenant, person, token) VALUES (:tenant, :person, :token);

-- name: pupil_get
-- in: tenant str, person str
-- out: token str
-- one
SELECT token FROM pupil WHERE tenant = :tenant AND person = :person;

-- name: pupil_by_token
-- in: tenant str, token str
-- out: person str
-- one
SELECT person FROM pupil WHERE tenant = :tenant AND token = :token;

-- name: guardian_insert
-- in: tenant str, id str, person str, pupil str, kin str, from_day str, until_day str
-- exec
INSERT INTO guardian (tenant, id, person, pupil, kin, from_day, until_day)
VALUES (:tenant, :id, :person, :pupil, :kin, :from_day, :until_day);

-- name: guardian_get
-- in: tenant str, id str
-- out: person str, pupil str, kin str, from_day str, until_day str
-- one
SELECT person, pupil, kin, from_day, until_day FROM guardian WHERE tenant = :tenant AND id = :id;

-- name: guardian_end
-- in: tenant str, id str, until_day str
-- exec
UPDATE guardian SET until_day = :until_day WHERE tenant = :tenant AND id = :id;

-- name: guardian_of
-- doc: both sides: of_pupil gives the guardians of `person`, else the pupils that `person` is guardian of
-- in: tenant str, person str
-- out: id str, person str, name str, kin str, from_day str, until_day str
-- many
SELECT g.id, n.id AS person, n.name, g.kin, g.from_day, g.until_day FROM guardian g
-- if of_pupil
JOIN person n ON n.tenant = g.tenant AND n.id = g.person
WHERE g.tenant = :tenant AND g.pupil = :person
-- else
JOIN person n ON n.tenant = g.tenant AND n.id = g.pupil
WHERE g.tenant = :tenant AND g.person = :person
-- end
ORDER BY g.until_day DESC, g.from_day, g.id;

-- name: guardian_same
-- in: tenant str, person str, pupil str, from_day str, until_day str
-- out: id str
-- many
SELECT id FROM guardian WHERE tenant = :tenant AND person = :person AND pupil = :pupil
  AND from_day <= :until_day AND until_day >= :from_day;

-- name: delegation_insert
-- in: tenant str, id str, post str, deputy str, from_day str, until_day str, reason str
-- exec
INSERT INTO delegation (tenant, id, post, deputy, from_day, until_day, reason)
VALUES (:tenant, :id, :post, :deputy, :from_day, :until_day, :reason);

-- name: delegation_get
-- in: tenant str, id str
-- out: post str, deputy str, from_day str, until_day str
-- one
SELECT post, deputy, from_day, until_day FROM delegation WHERE tenant = :tenant AND id = :id;

-- name: delegation_end
-- in: tenant str, id str, until_day str
-- exec
UPDATE delegation SET until_day = :until_day WHERE tenant = :tenant AND id = :id;

-- name: delegation_same
-- in: tenant str, post str, from_day str, until_day str
-- out: id str
-- many
SELECT id FROM delegation WHERE tenant = :tenant AND post = :post AND from_day <= :until_day AND until_day >= :from_day;

-- name: delegation_of_person
-- doc: given by a person (of their posts), or taken: as deputy
-- in: tenant str, person str
-- out: id str, post str, role str, unit_name str, other str, other_name str, from_day str, until_day str, reason str
-- many
SELECT d.id, d.post, p.role, u.name AS unit_name, n.id AS other, n.name AS other_name, d.from_day, d.until_day, d.reason
FROM delegation d JOIN post p ON p.tenant = d.tenant AND p.id = d.post
JOIN unit u ON u.tenant = p.tenant AND u.id = p.unit
-- if given
JOIN person n ON n.tenant = d.tenant AND n.id = d.deputy
WHERE d.tenant = :tenant AND p.person = :person
-- else
JOIN person n ON n.tenant = p.tenant AND n.id = p.person
WHERE d.tenant = :tenant AND d.deputy = :person
-- end
ORDER BY d.until_day DESC, d.from_day DESC, d.id;

-- name: person_export
-- doc: everybody who is no pupil, a row for each post on a day
-- in: tenant str, day str, most int
-- out: id str, name str, unit str?, role str?, title str?, from_day str?, until_day str?
-- many
SELECT n.id, n.name, p.unit, p.role, p.title, p.from_day, p.until_day
FROM person n LEFT JOIN post p ON p.tenant = n.tenant AND p.person = n.id AND p.from_day <= :day AND p.until_day >= :day
WHERE n.tenant = :tenant AND NOT EXISTS (SELECT 1 FROM pupil q WHERE q.tenant = n.tenant AND q.person = n.id)
ORDER BY n.id, p.from_day, p.unit, p.role LIMIT :most;

-- name: pupil_export
-- doc: pupils and their classes on a day
-- in: tenant str, day str, most int
-- out: id str, name str, unit str, from_day str, until_day str
-- many
SELECT n.id, n.name, p.unit, p.from_day, p.until_day
FROM pupil q JOIN person n ON n.tenant = q.tenant AND n.id = q.person
JOIN post p ON p.tenant = q.tenant AND p.person = q.person AND p.role = 'pupil' AND p.from_day <= :day AND p.until_day >= :day
WHERE q.tenant = :tenant ORDER BY n.id, p.from_day, p.unit LIMIT :most;
