-- What a person holds today, for the conditions of src/engine/rights.

-- name: rights_posts
-- doc: one's own posts, then those of others who are away
-- in: tenant str, person str, today str, most int
-- out: id str, role str, unit str, holder str
-- many
SELECT o.id, o.role, o.unit, o.person FROM post o
WHERE o.tenant = :tenant AND o.person = :person AND o.until_day >= :today AND o.from_day <= :today
UNION
SELECT o.id, o.role, o.unit, o.person FROM delegation d JOIN post o ON o.tenant = d.tenant AND o.id = d.post
WHERE d.tenant = :tenant AND d.deputy = :person AND d.until_day >= :today AND d.from_day <= :today
  AND o.until_day >= :today AND o.from_day <= :today
ORDER BY 1 LIMIT :most;

-- name: rights_above
-- doc: the units above a unit, itself among them
-- in: tenant str, unit str
-- out: above str
-- many
SELECT above FROM unit_path WHERE tenant = :tenant AND unit = :unit ORDER BY above;
