-- The closure of the tree of units, as of today.

-- name: unit_tree
-- doc: each unit and what it stands under today
-- in: tenant str
-- out: id str, parent str?
-- many
SELECT id, parent FROM unit WHERE tenant = :tenant ORDER BY id;

-- name: unit_path_all
-- in: tenant str
-- out: above str, unit str
-- many
SELECT above, unit FROM unit_path WHERE tenant = :tenant ORDER BY above, unit;

-- name: unit_area_all
-- in: tenant str
-- out: above str, area str, own int
-- many
SELECT above, area, own FROM unit_area WHERE tenant = :tenant ORDER BY above, area, own;

-- name: unit_area_insert
-- in: tenant str, above str, area str, own int
-- exec
INSERT INTO unit_area (tenant, above, area, own) VALUES (:tenant, :above, :area, :own);

-- name: unit_area_delete
-- in: tenant str, above str, area str
-- exec
DELETE FROM unit_area WHERE tenant = :tenant AND above = :above AND area = :area AND own = 0;

-- name: unit_path_insert
-- in: tenant str, above str, unit str
-- exec
INSERT INTO unit_path (tenant, above, unit) VALUES (:tenant, :above, :unit);

-- name: unit_path_delete
-- in: tenant str, above str, unit str
-- exec
DELETE FROM unit_path WHERE tenant = :tenant AND above = :above AND unit = :unit;
