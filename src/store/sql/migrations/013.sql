-- Plans belong to units. Those that are older than that belong to the unit on top (a bureau before any other).
ALTER TABLE plan ADD COLUMN unit TEXT NOT NULL DEFAULT '';
UPDATE plan SET unit = COALESCE((SELECT MIN(u.id) FROM unit u WHERE u.tenant = plan.tenant AND u.parent IS NULL
    AND u.kind = 'bureau' AND EXISTS (SELECT 1 FROM unit b WHERE b.tenant = u.tenant AND b.parent = u.id)),
  (SELECT MIN(u.id) FROM unit u WHERE u.tenant = plan.tenant AND u.parent IS NULL AND u.kind = 'bureau'),
  (SELECT MIN(u.id) FROM unit u WHERE u.tenant = plan.tenant AND u.parent IS NULL), '');
CREATE INDEX plan_unit ON plan (tenant, unit);
-- The plan that a notice is about, so that whoever may not see the plan any more does not read of it; empty = none.
ALTER TABLE notice ADD COLUMN plan TEXT NOT NULL DEFAULT '';
UPDATE notice SET plan = SUBSTR(link, 8, 20) WHERE link LIKE '/plans/%';
