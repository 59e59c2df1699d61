-- The steps that made the tables of declarations. See src/store/declared.h.

-- name: declared_last
-- in: tenant str
-- out: n int
-- one
SELECT CAST(coalesce(max(n), 0) AS BIGINT) FROM declared_step WHERE tenant = :tenant;

-- name: declared_add
-- in: tenant str, n int, made str, sql str
-- exec
INSERT INTO declared_step (tenant, n, made, sql) VALUES (:tenant, :n, :made, :sql);

-- name: declared_made
-- doc: how many steps made or dropped what has this name
-- in: tenant str, made str
-- out: n int
-- one
SELECT count(*) FROM declared_step WHERE tenant = :tenant AND made = :made;

-- name: declared_steps
-- in: tenant str
-- out: n int, sql str
-- many
SELECT n, sql FROM declared_step WHERE tenant = :tenant ORDER BY n;
