-- Where rows of very many units may be found in larger pieces. A row's area is what its unit stood under when the row was made
-- (the unit itself when it stood on top), in a column of the record's table, and never changes. Here stand, for each unit, its
-- own areas, today's and all before (own = 1, only ever added to), and those of the units below it today (own = 0). Kept by
-- unit_path_refresh (src/store/unit_path.h).
CREATE TABLE unit_area (
  tenant TEXT NOT NULL,
  above  TEXT NOT NULL,
  area   TEXT NOT NULL,
  own    INTEGER NOT NULL,
  PRIMARY KEY (tenant, above, area, own)
) STRICT;
INSERT INTO unit_area (tenant, above, area, own)
SELECT DISTINCT p.tenant, p.above, COALESCE(u.parent, u.id), CASE WHEN p.above = p.unit THEN 1 ELSE 0 END
FROM unit_path p JOIN unit u ON u.tenant = p.tenant AND u.id = p.unit;
