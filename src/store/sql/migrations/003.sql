-- Which unit lies under which, as of today: a row for each unit and each unit above it, itself among them. Made from
-- the tree by unit_path_refresh (src/store/unit_path.h) in the transaction that changes the tree, and at the change of
-- day; rights ask it for every record they show.
CREATE TABLE unit_path (
  tenant TEXT NOT NULL,
  above  TEXT NOT NULL,
  unit   TEXT NOT NULL,
  PRIMARY KEY (tenant, above, unit)
) STRICT;
CREATE INDEX unit_path_unit ON unit_path (tenant, unit, above);
