-- What plans became: records of packages and the places of plans that they come from.

-- name: origin_insert
-- in: tenant str, record str, id str, plan str, item str, fact str, draft int, digest str, path str, title str, words str, share int, seq int
-- exec
INSERT INTO ledger_origin (tenant, record, id, plan, item, fact, draft, digest, path, title, words, share, seq)
VALUES (:tenant, :record, :id, :plan, :item, :fact, :draft, :digest, :path, :title, :words, :share, :seq);

-- name: origin_handed
-- doc: what stands for the items of a plan themselves, in the order in which it was handed out
-- in: tenant str, plan str, most int
-- out: item str, record str, id str, digest str, draft int, seq int
-- many
SELECT item, record, id, digest, draft, seq FROM ledger_origin
WHERE tenant = :tenant AND plan = :plan AND fact = '' ORDER BY item, seq, id LIMIT :most;

-- name: origin_of
-- doc: where a record comes from, with the plan as lists name it
-- in: tenant str, record str, id str, most int
-- out: plan str, plan_title str, item str, fact str, draft int, path str, title str, words str, share int
-- many
SELECT o.plan, p.title AS plan_title, o.item, o.fact, o.draft, o.path, o.title, o.words, o.share
FROM ledger_origin o JOIN plan p ON p.tenant = o.tenant AND p.id = o.plan
WHERE o.tenant = :tenant AND o.record = :record AND o.id = :id ORDER BY o.seq, o.plan, o.item, o.fact LIMIT :most;

-- name: unit_called
-- doc: open units of this name or alias; near: they stand under the unit
-- in: tenant str, name str, under str, most int
-- out: id str, name str, kind str, near int
-- many
SELECT u.id, u.name, u.kind,
  CASE WHEN EXISTS (SELECT 1 FROM unit_path p WHERE p.tenant = u.tenant AND p.above = :under AND p.unit = u.id) THEN 1 ELSE 0 END AS near
FROM unit u
WHERE u.tenant = :tenant AND u.closed_day = '9999-12-31'
  AND (u.name = :name OR u.id IN (SELECT a.unit FROM unit_alias a WHERE a.tenant = :tenant AND a.alias = :name))
ORDER BY near DESC, u.id LIMIT :most;

-- name: unit_of_kind
-- doc: open units of a kind that stand under the unit
-- in: tenant str, kind str, under str, most int
-- out: id str, name str
-- many
SELECT u.id, u.name FROM unit_path p JOIN unit u ON u.tenant = p.tenant AND u.id = p.unit
WHERE p.tenant = :tenant AND p.above = :under AND u.kind = :kind AND u.closed_day = '9999-12-31' ORDER BY u.place, u.id LIMIT :most;

-- name: origin_plans
-- doc: plans that records of this kind came of, the newest first
-- in: tenant str, record str, most int
-- out: plan str, last int
-- many
SELECT plan, MAX(seq) AS last FROM ledger_origin WHERE tenant = :tenant AND record = :record
GROUP BY plan ORDER BY last DESC, plan LIMIT :most;
