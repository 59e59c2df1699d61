-- Units as of any day, and what was done to the tree.

-- name: unit_versions
-- doc: the whole history; versions of a unit by day
-- in: tenant str
-- out: unit str, from_day str, until_day str, name str, kind str, parent str, place int
-- many
SELECT unit, from_day, until_day, name, kind, parent, place FROM unit_version WHERE tenant = :tenant
ORDER BY unit, from_day;

-- name: unit_versions_of
-- in: tenant str, unit str
-- out: unit str, from_day str, until_day str, name str, kind str, parent str, place int
-- many
SELECT unit, from_day, until_day, name, kind, parent, place FROM unit_version
WHERE tenant = :tenant AND unit = :unit ORDER BY from_day;

-- name: unit_versions_drop
-- in: tenant str, unit str
-- exec
DELETE FROM unit_version WHERE tenant = :tenant AND unit = :unit;

-- name: unit_version_insert
-- in: tenant str, unit str, from_day str, until_day str, name str, kind str, parent str, place int, reading str, initials str
-- exec
INSERT INTO unit_version (tenant, unit, from_day, until_day, name, kind, parent, place, reading, initials)
VALUES (:tenant, :unit, :from_day, :until_day, :name, :kind, :parent, :place, :reading, :initials);

-- name: unit_version_unread
-- doc: rows of an older program, that have no reading yet
-- in: tenant str, most int
-- out: unit str, from_day str, name str
-- many
SELECT unit, from_day, name FROM unit_version WHERE tenant = :tenant AND reading = '' AND initials = ''
ORDER BY unit, from_day LIMIT :most;

-- name: unit_version_read
-- in: tenant str, unit str, from_day str, reading str, initials str
-- exec
UPDATE unit_version SET reading = :reading, initials = :initials
WHERE tenant = :tenant AND unit = :unit AND from_day = :from_day;

-- name: unit_stale
-- doc: units whose row does not say what holds on the day: versions that have begun or ended since
-- in: tenant str, day str, most int
-- out: unit str
-- many
SELECT v.unit FROM unit_version v JOIN unit u ON u.tenant = v.tenant AND u.id = v.unit
WHERE v.tenant = :tenant AND v.from_day <= :day AND v.until_day >= :day
  AND (u.name <> v.name OR COALESCE(u.parent, '') <> v.parent) ORDER BY v.unit LIMIT :most;

-- name: unit_now
-- doc: what the row of a unit says: its state today
-- in: tenant str, id str, name str, kind str, parent str?, place int, closed_day str, at_us int
-- exec
UPDATE unit SET name = :name, kind = :kind, parent = :parent, place = :place, closed_day = :closed_day,
  updated_us = :at_us, rev = rev + 1
WHERE tenant = :tenant AND id = :id;

-- name: unit_describe
-- in: tenant str, id str, was int, stage str, credit_code str, school_code str, region str, at_us int
-- exec
UPDATE unit SET stage = :stage, credit_code = :credit_code, school_code = :school_code, region = :region,
  updated_us = :at_us, rev = rev + 1
WHERE tenant = :tenant AND id = :id AND rev = :was;

-- name: unit_get
-- in: tenant str, id str
-- out: name str, kind str, parent str?, place int, stage str, credit_code str, school_code str, region str, closed_day str, rev int
-- one
SELECT name, kind, parent, place, stage, credit_code, school_code, region, closed_day, rev
FROM unit WHERE tenant = :tenant AND id = :id;

-- name: unit_by_code
-- doc: credit: by 统一社会信用代码, else by 学校标识码
-- in: tenant str, code str
-- out: id str, name str
-- many
SELECT id, name FROM unit WHERE tenant = :tenant
-- if credit
  AND credit_code = :code
-- else
  AND school_code = :code
-- end
ORDER BY id LIMIT 5;

-- name: unit_authority
-- doc: those under which others stand: what people are looked for by
-- in: tenant str, most int
-- out: id str, name str
-- many
SELECT id, name FROM unit WHERE tenant = :tenant AND kind IN ('bureau', 'district') AND closed_day = '9999-12-31'
ORDER BY kind, place, id LIMIT :most;

-- name: unit_on
-- in: tenant str, unit str, day str
-- out: name str, kind str, parent str, place int, reading str, from_day str, until_day str
-- many
SELECT name, kind, parent, place, reading, from_day, until_day FROM unit_version
WHERE tenant = :tenant AND unit = :unit AND from_day <= :day AND until_day >= :day ORDER BY from_day LIMIT 1;

-- name: unit_named_on
-- in: tenant str, name str, parent str, day str
-- out: unit str, kind str
-- many
SELECT unit, kind FROM unit_version
WHERE tenant = :tenant AND parent = :parent AND name = :name AND from_day <= :day AND until_day >= :day
ORDER BY unit LIMIT 2;

-- name: unit_under
-- doc: what stands under a unit on a day (parent '' = what stands alone), by place and reading
-- in: tenant str, parent str, day str, after_place int, after_reading str, after_unit str, most int
-- out: unit str, name str, kind str, place int, reading str, under int
-- many
SELECT v.unit, v.name, v.kind, v.place, v.reading,
  CASE WHEN EXISTS (SELECT 1 FROM unit_version c WHERE c.tenant = v.tenant AND c.parent = v.unit
                    AND c.from_day <= :day AND c.until_day >= :day) THEN 1 ELSE 0 END AS under
FROM unit_version v
WHERE v.tenant = :tenant AND v.parent = :parent AND v.from_day <= :day AND v.until_day >= :day
-- if after
  AND (v.place > :after_place OR (v.place = :after_place AND (v.reading > :after_reading
    OR (v.reading = :after_reading AND v.unit > :after_unit))))
-- end
ORDER BY v.place, v.reading, v.unit LIMIT :most;

-- name: unit_search
-- doc: by a part of the name, the beginning of the initials, or a whole code; on a day
-- in: tenant str, day str, name str, initials str, code str, kind str, after_reading str, after_unit str, most int
-- out: unit str, name str, kind str, parent str, reading str
-- many
SELECT v.unit, v.name, v.kind, v.parent, v.reading
FROM unit_version v JOIN unit u ON u.tenant = v.tenant AND u.id = v.unit
WHERE v.tenant = :tenant AND v.from_day <= :day AND v.until_day >= :day
  AND (v.name LIKE :name ESCAPE '\' OR v.initials LIKE :initials ESCAPE '\' OR u.credit_code = :code
    OR u.school_code = :code)
-- if kind
  AND v.kind = :kind
-- end
-- if after
  AND (v.reading > :after_reading OR (v.reading = :after_reading AND v.unit > :after_unit))
-- end
ORDER BY v.reading, v.unit LIMIT :most;

-- name: unit_act_insert
-- in: tenant str, unit str, seq int, act str, day str, other str, was str, now str, actor str, at_us int, reason str
-- exec
INSERT INTO unit_act (tenant, unit, seq, act, day, other, was, now, actor, at_us, reason)
VALUES (:tenant, :unit, :seq, :act, :day, :other, :was, :now, :actor, :at_us, :reason);

-- name: unit_acts
-- doc: of a unit, and those of others that it took part in; the latest told first
-- in: tenant str, unit str, before int, most int
-- out: unit str, seq int, act str, day str, other str, was str, now str, actor str, at_us int, reason str
-- many
SELECT unit, seq, act, day, other, was, now, actor, at_us, reason FROM unit_act
WHERE tenant = :tenant AND (unit = :unit OR other = :unit) AND seq < :before ORDER BY seq DESC, unit LIMIT :most;

-- name: unit_alias_of
-- in: tenant str, unit str
-- out: alias str
-- many
SELECT alias FROM unit_alias WHERE tenant = :tenant AND unit = :unit ORDER BY alias LIMIT 100;

-- name: unit_count
-- in: tenant str
-- out: n int
-- one
SELECT count(*) AS n FROM unit WHERE tenant = :tenant;

-- name: unit_export
-- doc: every unit that lives on a day, after one
-- in: tenant str, day str, after str, most int
-- out: unit str, from_day str, name str, kind str, parent str, place int, stage str, credit_code str, school_code str, region str
-- many
SELECT v.unit, (SELECT min(f.from_day) FROM unit_version f WHERE f.tenant = v.tenant AND f.unit = v.unit) AS from_day,
  v.name, v.kind, v.parent, v.place, u.stage, u.credit_code, u.school_code, u.region
FROM unit_version v JOIN unit u ON u.tenant = v.tenant AND u.id = v.unit
WHERE v.tenant = :tenant AND v.from_day <= :day AND v.until_day >= :day AND v.unit > :after
ORDER BY v.unit LIMIT :most;

-- name: import_draft_insert
-- in: tenant str, id str, what str, name str, bytes blob, actor str, at_us int
-- exec
INSERT INTO import_draft (tenant, id, what, name, bytes, actor, at_us)
VALUES (:tenant, :id, :what, :name, :bytes, :actor, :at_us);

-- name: import_draft_get
-- in: tenant str, id str
-- out: what str, name str, bytes blob, actor str, at_us int
-- one
SELECT what, name, bytes, actor, at_us FROM import_draft WHERE tenant = :tenant AND id = :id;

-- name: import_draft_bare
-- doc: sheets that may hold numbers of people and are not sealed, as they once were not
-- in: tenant str, sm4 blob, aes blob
-- out: id str
-- many
SELECT id FROM import_draft WHERE tenant = :tenant AND what IN ('people', 'pupils', 'sealed_records')
  AND substr(bytes, 1, 4) <> :sm4 AND substr(bytes, 1, 4) <> :aes;

-- name: import_draft_drop
-- in: tenant str, id str, before_us int
-- exec
DELETE FROM import_draft WHERE tenant = :tenant AND (id = :id OR at_us < :before_us);
