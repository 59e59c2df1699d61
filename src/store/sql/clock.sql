-- Clocks of records (src/engine/flow/clock_store.c, jobs_store.c).

-- name: flow_clock_get
-- in: tenant str, record str, id str, clock str
-- out: phase int, lasts str, held int, late int, pauses int, fired int, next_level int, started_us int, from_us int, used_us int, given_us int?, due_us int?, until_us int?, paused_us int, pauses_end_us int?, next_us int?
-- one
SELECT phase, lasts, held, late, pauses, fired, next_level, started_us, from_us, used_us, given_us, due_us, until_us,
  paused_us, pauses_end_us, next_us
FROM flow_clock WHERE tenant = :tenant AND record = :record AND id = :id AND clock = :clock;

-- name: flow_clock_insert
-- in: tenant str, record str, id str, clock str, phase int, lasts str, held int, late int, pauses int, fired int, next_level int, started_us int, from_us int, used_us int, given_us int?, due_us int?, until_us int?, paused_us int, pauses_end_us int?, next_us int?
-- exec
INSERT INTO flow_clock (tenant, record, id, clock, phase, lasts, held, late, pauses, fired, next_level, started_us, from_us,
  used_us, given_us, due_us, until_us, paused_us, pauses_end_us, next_us)
VALUES (:tenant, :record, :id, :clock, :phase, :lasts, :held, :late, :pauses, :fired, :next_level, :started_us, :from_us,
  :used_us, :given_us, :due_us, :until_us, :paused_us, :pauses_end_us, :next_us);

-- name: flow_clock_change
-- in: tenant str, record str, id str, clock str, phase int, lasts str, held int, late int, pauses int, fired int, next_level int, started_us int, from_us int, used_us int, given_us int?, due_us int?, until_us int?, paused_us int, pauses_end_us int?, next_us int?
-- exec
UPDATE flow_clock SET phase = :phase, lasts = :lasts, held = :held, late = :late, pauses = :pauses, fired = :fired,
  next_level = :next_level, started_us = :started_us, from_us = :from_us, used_us = :used_us, given_us = :given_us,
  due_us = :due_us, until_us = :until_us, paused_us = :paused_us, pauses_end_us = :pauses_end_us, next_us = :next_us
WHERE tenant = :tenant AND record = :record AND id = :id AND clock = :clock;

-- name: flow_clock_claim
-- doc: of two that want to see to it only one changes the row
-- in: tenant str, record str, id str, clock str, was int, level int
-- exec
UPDATE flow_clock SET next_us = NULL
WHERE tenant = :tenant AND record = :record AND id = :id AND clock = :clock AND next_us = :was AND next_level = :level;

-- name: flow_clock_next
-- doc: the first that is due, behind those that were passed over
-- in: tenant str, after_us int, record str, id str, clock str, most int
-- out: record str, id str, clock str, next_level int, next_us int
-- many
SELECT record, id, clock, next_level, next_us FROM flow_clock
WHERE tenant = :tenant AND next_us >= :after_us
  AND (next_us > :after_us OR record > :record OR (record = :record AND (id > :id OR (id = :id AND clock > :clock))))
ORDER BY next_us, record, id, clock LIMIT :most;

-- name: flow_clock_failed_get
-- in: tenant str, record str, id str, clock str, level int
-- out: moment int, tries int, again_us int, says str
-- one
SELECT moment, tries, again_us, says FROM flow_clock_failed
WHERE tenant = :tenant AND record = :record AND id = :id AND clock = :clock AND level = :level;

-- name: flow_clock_failed_insert
-- in: tenant str, record str, id str, clock str, level int, moment int, tries int, again_us int, says str
-- exec
INSERT INTO flow_clock_failed (tenant, record, id, clock, level, moment, tries, again_us, says)
VALUES (:tenant, :record, :id, :clock, :level, :moment, :tries, :again_us, :says);

-- name: flow_clock_failed_drop
-- doc: conditional, so that of two that try it again only one goes on
-- in: tenant str, record str, id str, clock str, level int, was int
-- exec
DELETE FROM flow_clock_failed
WHERE tenant = :tenant AND record = :record AND id = :id AND clock = :clock AND level = :level AND again_us = :was;

-- name: flow_clock_failed_drop_all
-- doc: what a clock asked for before it began again, or its deadline moved
-- in: tenant str, record str, id str, clock str
-- exec
DELETE FROM flow_clock_failed WHERE tenant = :tenant AND record = :record AND id = :id AND clock = :clock;

-- name: flow_clock_failed_levels
-- in: tenant str, record str, id str, clock str
-- out: level int
-- many
SELECT level FROM flow_clock_failed WHERE tenant = :tenant AND record = :record AND id = :id AND clock = :clock
ORDER BY level;

-- name: flow_clock_silence
-- doc: a clock that the declaration does not have any more: nothing of it comes
-- in: tenant str, record str, clock str
-- exec
UPDATE flow_clock SET next_us = NULL WHERE tenant = :tenant AND record = :record AND clock = :clock;

-- name: flow_clock_failed_silence
-- in: tenant str, record str, clock str
-- exec
DELETE FROM flow_clock_failed WHERE tenant = :tenant AND record = :record AND clock = :clock;

-- name: flow_clock_failed_again
-- in: tenant str, now int
-- exec
UPDATE flow_clock_failed SET again_us = :now WHERE tenant = :tenant AND again_us > :now;

-- name: flow_clock_failed_next
-- doc: in the order in which they are to be tried again
-- in: tenant str, most int
-- out: record str, id str, clock str, level int, moment int, tries int, again_us int, says str
-- many
SELECT record, id, clock, level, moment, tries, again_us, says FROM flow_clock_failed
WHERE tenant = :tenant ORDER BY again_us, record, id, clock, level LIMIT :most;
