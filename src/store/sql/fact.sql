-- Facts of measures, and what they come to.

-- name: facts_of
-- doc: all of a record
-- in: tenant str, record str
-- out: measure str, line int, from_day int, until_day int, stock int, unit str, codes str, key str, value int, hole int
-- many
SELECT measure, line, from_day, until_day, stock, unit, codes, key, value, hole FROM flow_fact
WHERE tenant = :tenant AND record = :record ORDER BY measure, line, from_day;

-- name: facts_at
-- doc: all at a unit
-- in: tenant str, unit str
-- out: record str, measure str, line int, from_day int, until_day int, stock int, codes str, key str, value int, hole int
-- many
SELECT record, measure, line, from_day, until_day, stock, codes, key, value, hole FROM flow_fact
WHERE tenant = :tenant AND unit = :unit ORDER BY measure, from_day, record, line;

-- name: facts_after
-- doc: all of a measure, by record
-- in: tenant str, measure str, after str, most int
-- out: record str, line int, from_day int, until_day int, stock int, unit str, codes str, key str, value int, hole int
-- many
SELECT record, line, from_day, until_day, stock, unit, codes, key, value, hole FROM flow_fact
WHERE tenant = :tenant AND measure = :measure AND record > :after
ORDER BY record, line, from_day LIMIT :most;

-- name: facts_behind
-- doc: the records of a figure: counted at a unit or below it on a day of some; `stock`: through the last of them; CROSS because SQLite then goes by units and days, not through all records
-- in: tenant str, measure str, above str, from_day int, until_day int, after str, most int
-- out: record str, codes str
-- many
SELECT DISTINCT f.record, f.codes FROM flow_fact_above a
CROSS JOIN flow_fact f
WHERE a.tenant = :tenant AND a.above = :above
  AND f.tenant = a.tenant AND f.unit = a.unit AND f.measure = :measure AND f.record > :after
-- if stock
  AND f.from_day <= :until_day AND f.until_day > :until_day
  AND a.from_day <= :until_day AND a.until_day > :until_day
-- else
  AND f.from_day >= :from_day AND f.from_day <= :until_day
  AND a.from_day <= f.from_day AND a.until_day > f.from_day
-- end
ORDER BY f.record, f.codes LIMIT :most;

-- name: fact_insert
-- in: tenant str, record str, measure str, line int, from_day int, until_day int, stock int, unit str, codes str, key str, value int, hole int
-- exec
INSERT INTO flow_fact (tenant, record, measure, line, from_day, until_day, stock, unit, codes, key, value, hole)
VALUES (:tenant, :record, :measure, :line, :from_day, :until_day, :stock, :unit, :codes, :key, :value, :hole);

-- name: fact_delete
-- in: tenant str, record str, measure str, line int, from_day int
-- exec
DELETE FROM flow_fact
WHERE tenant = :tenant AND record = :record AND measure = :measure AND line = :line AND from_day = :from_day;

-- name: fact_sum_add
-- in: tenant str, measure str, above str, grain int, slot int, codes str, key str, n int, total int, holes int
-- exec
UPDATE flow_fact_sum SET n = n + :n, total = total + :total, holes = holes + :holes
WHERE tenant = :tenant AND measure = :measure AND above = :above AND grain = :grain AND slot = :slot
  AND codes = :codes AND key = :key;

-- name: fact_sum_insert
-- in: tenant str, measure str, above str, grain int, slot int, codes str, key str, n int, total int, holes int
-- exec
INSERT INTO flow_fact_sum (tenant, measure, above, grain, slot, codes, key, n, total, holes)
VALUES (:tenant, :measure, :above, :grain, :slot, :codes, :key, :n, :total, :holes);

-- name: fact_sum_sweep
-- doc: it has come back to nothing
-- in: tenant str, measure str, above str, grain int, slot int, codes str, key str
-- exec
DELETE FROM flow_fact_sum
WHERE tenant = :tenant AND measure = :measure AND above = :above AND grain = :grain AND slot = :slot
  AND codes = :codes AND key = :key AND n = 0 AND total = 0 AND holes = 0;

-- name: fact_sums
-- doc: of one unit: months, and days in two stretches
-- in: tenant str, measure str, above str, month_from int, month_to int, day_from int, day_to int, tail_from int, tail_to int
-- out: grain int, slot int, codes str, key str, n int, total int, holes int
-- many
SELECT grain, slot, codes, key, n, total, holes FROM flow_fact_sum
WHERE tenant = :tenant AND measure = :measure AND above = :above AND grain = 0
  AND slot >= :month_from AND slot <= :month_to
UNION ALL
SELECT grain, slot, codes, key, n, total, holes FROM flow_fact_sum
WHERE tenant = :tenant AND measure = :measure AND above = :above AND grain = 1
  AND slot >= :day_from AND slot <= :day_to
UNION ALL
SELECT grain, slot, codes, key, n, total, holes FROM flow_fact_sum
WHERE tenant = :tenant AND measure = :measure AND above = :above AND grain = 1
  AND slot >= :tail_from AND slot <= :tail_to;

-- name: fact_sums_below
-- doc: of each unit that stands under one on a day: months, and days in two stretches, together; each stretch is a range of the key
-- in: tenant str, measure str, unit str, day str, month_from int, month_to int, day_from int, day_to int, tail_from int, tail_to int
-- out: above str, codes str, key str, n int, total int, holes int
-- many
SELECT x.above, x.codes, x.key, CAST(SUM(x.n) AS BIGINT), CAST(SUM(x.total) AS BIGINT), CAST(SUM(x.holes) AS BIGINT)
FROM (
  SELECT s.above AS above, s.codes AS codes, s.key AS key, s.n AS n, s.total AS total, s.holes AS holes
  FROM unit_version v
  JOIN flow_fact_sum s ON s.tenant = v.tenant AND s.measure = :measure AND s.above = v.unit
    AND s.grain = 0 AND s.slot >= :month_from AND s.slot <= :month_to
  WHERE v.tenant = :tenant AND v.parent = :unit AND v.from_day <= :day AND v.until_day >= :day
  UNION ALL
  SELECT s.above AS above, s.codes AS codes, s.key AS key, s.n AS n, s.total AS total, s.holes AS holes
  FROM unit_version v
  JOIN flow_fact_sum s ON s.tenant = v.tenant AND s.measure = :measure AND s.above = v.unit
    AND s.grain = 1 AND s.slot >= :day_from AND s.slot <= :day_to
  WHERE v.tenant = :tenant AND v.parent = :unit AND v.from_day <= :day AND v.until_day >= :day
  UNION ALL
  SELECT s.above AS above, s.codes AS codes, s.key AS key, s.n AS n, s.total AS total, s.holes AS holes
  FROM unit_version v
  JOIN flow_fact_sum s ON s.tenant = v.tenant AND s.measure = :measure AND s.above = v.unit
    AND s.grain = 1 AND s.slot >= :tail_from AND s.slot <= :tail_to
  WHERE v.tenant = :tenant AND v.parent = :unit AND v.from_day <= :day AND v.until_day >= :day
) x
GROUP BY x.above, x.codes, x.key;

-- name: fact_sums_all
-- doc: of a measure, to hold them against its facts
-- in: tenant str, measure str
-- out: above str, grain int, slot int, codes str, key str, n int, total int, holes int
-- many
SELECT above, grain, slot, codes, key, n, total, holes FROM flow_fact_sum
WHERE tenant = :tenant AND measure = :measure ORDER BY above, grain, slot, codes, key;

-- name: fact_aboves
-- doc: what a unit stands under, as the sums have it; none: it has no fact yet
-- in: tenant str, unit str
-- out: above str, from_day int, until_day int
-- many
SELECT above, from_day, until_day FROM flow_fact_above WHERE tenant = :tenant AND unit = :unit ORDER BY above, from_day;

-- name: fact_units
-- in: tenant str
-- out: unit str
-- many
SELECT DISTINCT unit FROM flow_fact_above WHERE tenant = :tenant ORDER BY unit;

-- name: fact_above_insert
-- in: tenant str, unit str, above str, from_day int, until_day int
-- exec
INSERT INTO flow_fact_above (tenant, unit, above, from_day, until_day)
VALUES (:tenant, :unit, :above, :from_day, :until_day);

-- name: fact_aboves_drop
-- in: tenant str, unit str
-- exec
DELETE FROM flow_fact_above WHERE tenant = :tenant AND unit = :unit;

-- name: facts_drop
-- doc: a measure is worked out anew
-- in: tenant str, measure str
-- exec
DELETE FROM flow_fact WHERE tenant = :tenant AND measure = :measure;

-- name: fact_sums_drop
-- in: tenant str, measure str
-- exec
DELETE FROM flow_fact_sum WHERE tenant = :tenant AND measure = :measure;

-- name: fact_day_move
-- doc: up to which day measures that speak of today were asked
-- in: tenant str, name str, day str
-- exec
UPDATE setting SET value = :day WHERE tenant = :tenant AND name = :name;

-- name: fact_stale_list
-- doc: measures that another version of a package has changed, to be counted anew
-- in: tenant str
-- out: name str
-- many
SELECT name FROM setting WHERE tenant = :tenant AND name LIKE 'facts_stale.%' AND value <> '' ORDER BY name;
