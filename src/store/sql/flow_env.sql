-- What expressions ask of units and people (src/engine/flow).

-- name: flow_units
-- doc: those that are open
-- in: tenant str, most int
-- out: id str
-- many
SELECT id FROM unit WHERE tenant = :tenant AND closed_day = '9999-12-31' ORDER BY id LIMIT :most;

-- name: flow_person_unit
-- doc: of the post of the day that is held longest
-- in: tenant str, person str, today str
-- out: unit str
-- many
SELECT unit FROM post WHERE tenant = :tenant AND person = :person AND from_day <= :today AND until_day >= :today
ORDER BY from_day, id LIMIT 1;

-- name: flow_holders
-- doc: who holds a role today, or stands in for a holder; at: at the unit, above: at it or above it, else anywhere
-- in: tenant str, role str, unit str, today str, most int
-- out: person str
-- many
SELECT o.person FROM post o
-- if above
JOIN unit_path p ON p.tenant = o.tenant AND p.above = o.unit AND p.unit = :unit
-- end
WHERE o.tenant = :tenant AND o.role = :role AND o.from_day <= :today AND o.until_day >= :today
-- if at
  AND o.unit = :unit
-- end
UNION
SELECT d.deputy FROM delegation d JOIN post o ON o.tenant = d.tenant AND o.id = d.post
-- if above
JOIN unit_path p ON p.tenant = o.tenant AND p.above = o.unit AND p.unit = :unit
-- end
WHERE d.tenant = :tenant AND o.role = :role AND d.from_day <= :today AND d.until_day >= :today
  AND o.from_day <= :today AND o.until_day >= :today
-- if at
  AND o.unit = :unit
-- end
ORDER BY 1 LIMIT :most;

-- name: flow_class_of
-- doc: units at which a pupil is today
-- in: tenant str, person str, role str, today str
-- out: unit str
-- many
SELECT unit FROM post WHERE tenant = :tenant AND person = :person AND role = :role AND from_day <= :today
  AND until_day >= :today ORDER BY from_day, id LIMIT 8;

-- name: flow_worked
-- doc: a post at the unit that overlaps the days
-- in: tenant str, person str, unit str, from_day str, until_day str
-- out: id str
-- many
SELECT id FROM post WHERE tenant = :tenant AND person = :person AND unit = :unit AND from_day <= :until_day
  AND until_day >= :from_day ORDER BY id LIMIT 1;

-- name: flow_related
-- doc: guardian and pupil, either way, or guardians of one pupil
-- in: tenant str, a str, b str, today str
-- out: id str
-- many
SELECT id FROM guardian WHERE tenant = :tenant AND ((person = :a AND pupil = :b) OR (person = :b AND pupil = :a))
  AND from_day <= :today AND until_day >= :today
UNION
SELECT x.id FROM guardian x JOIN guardian y ON y.tenant = x.tenant AND y.pupil = x.pupil
WHERE x.tenant = :tenant AND x.person = :a AND y.person = :b AND x.from_day <= :today AND x.until_day >= :today
  AND y.from_day <= :today AND y.until_day >= :today
ORDER BY 1 LIMIT 1;

-- name: flow_related_unit
-- doc: guardian of a pupil who is at a unit under this one today
-- in: tenant str, person str, unit str, role str, today str
-- out: id str
-- many
SELECT g.id FROM guardian g JOIN post o ON o.tenant = g.tenant AND o.person = g.pupil AND o.role = :role
JOIN unit_path p ON p.tenant = o.tenant AND p.unit = o.unit AND p.above = :unit
WHERE g.tenant = :tenant AND g.person = :person AND g.from_day <= :today AND g.until_day >= :today
  AND o.from_day <= :today AND o.until_day >= :today
ORDER BY g.id LIMIT 1;

-- name: flow_pupils
-- doc: at a unit or under it today
-- in: tenant str, unit str, role str, today str, most int
-- out: person str
-- many
SELECT DISTINCT o.person FROM unit_path p JOIN post o ON o.tenant = p.tenant AND o.unit = p.unit AND o.role = :role
WHERE p.tenant = :tenant AND p.above = :unit AND o.from_day <= :today AND o.until_day >= :today
ORDER BY o.person LIMIT :most;

-- name: flow_person_there
-- in: tenant str, id str
-- out: name str
-- one
SELECT name FROM person WHERE tenant = :tenant AND id = :id;

-- name: flow_post_held
-- doc: does the person hold the role today, or stand in for a holder
-- in: tenant str, person str, role str, today str
-- out: id str
-- many
SELECT o.id FROM post o WHERE o.tenant = :tenant AND o.person = :person AND o.role = :role AND o.from_day <= :today
  AND o.until_day >= :today
UNION
SELECT o.id FROM delegation d JOIN post o ON o.tenant = d.tenant AND o.id = d.post
WHERE d.tenant = :tenant AND d.deputy = :person AND o.role = :role AND d.from_day <= :today AND d.until_day >= :today
  AND o.from_day <= :today AND o.until_day >= :today
ORDER BY 1 LIMIT 1;

-- name: flow_parties
-- doc: who was asked about a record in its rounds: people and units
-- in: tenant str, record str, id str
-- out: party str
-- many
SELECT DISTINCT party FROM round_party WHERE tenant = :tenant AND record = :record AND id = :id ORDER BY party;
