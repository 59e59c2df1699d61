-- What a person holds today, for the conditions of src/engine/rights.

-- name: rights_posts
-- doc: one's own posts and those of others who are away; in no order, and one twice that is handed over twice
-- in: tenant str, person str, today str
-- out: id str, role str, title str, unit str, unit_name str, kind str, holder str
-- many
SELECT o.id, o.role, o.title, o.unit, u.name, u.kind, o.person FROM post o
JOIN unit u ON u.tenant = o.tenant AND u.id = o.unit
WHERE o.tenant = :tenant AND o.person = :person AND o.until_day >= :today AND o.from_day <= :today
UNION ALL
SELECT o.id, o.role, o.title, o.unit, u.name, u.kind, o.person FROM delegation d
JOIN post o ON o.tenant = d.tenant AND o.id = d.post
JOIN unit u ON u.tenant = o.tenant AND u.id = o.unit
WHERE d.tenant = :tenant AND d.deputy = :person AND d.until_day >= :today AND d.from_day <= :today
  AND o.until_day >= :today AND o.from_day <= :today;

-- name: rights_places
-- doc: a unit and those above it
-- in: tenant str, unit str
-- out: unit str, kind str, parent str
-- many
SELECT u.id, u.kind, COALESCE(u.parent, '') FROM unit_path p JOIN unit u ON u.tenant = p.tenant AND u.id = p.above
WHERE p.tenant = :tenant AND p.unit = :unit ORDER BY p.above;

-- name: rights_holders
-- doc: who holds a role today, or stands in for a holder; `under`: at the unit or above it, else anywhere
-- in: tenant str, role str, unit str, today str, most int
-- out: person str
-- many
SELECT o.person FROM post o
-- if under
JOIN unit_path p ON p.tenant = o.tenant AND p.above = o.unit AND p.unit = :unit
-- end
WHERE o.tenant = :tenant AND o.role = :role AND o.from_day <= :today AND o.until_day >= :today
UNION
SELECT d.deputy FROM delegation d JOIN post o ON o.tenant = d.tenant AND o.id = d.post
-- if under
JOIN unit_path p ON p.tenant = o.tenant AND p.above = o.unit AND p.unit = :unit
-- end
WHERE d.tenant = :tenant AND o.role = :role AND d.from_day <= :today AND d.until_day >= :today
  AND o.from_day <= :today AND o.until_day >= :today
ORDER BY 1 LIMIT :most;

-- name: rights_guardians
-- in: tenant str, pupil str, today str
-- out: person str
-- many
SELECT person FROM guardian WHERE tenant = :tenant AND pupil = :pupil AND from_day <= :today AND until_day >= :today
ORDER BY person LIMIT 50;

-- name: rights_unit_name
-- in: tenant str, id str
-- out: name str
-- one
SELECT name FROM unit WHERE tenant = :tenant AND id = :id;
