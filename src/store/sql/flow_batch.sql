-- Effects that are done for each of many, one transaction an element (src/engine/flow/batch_store.c).

-- name: flow_batch_insert
-- in: tenant str, batch str, record str, id str, place str, kind str, count int, begun_us int
-- exec
INSERT INTO flow_batch (tenant, batch, record, id, place, kind, count, next, failed, begun_us, done_us)
VALUES (:tenant, :batch, :record, :id, :place, :kind, :count, 0, 0, :begun_us, 0);

-- name: flow_batch_part_insert
-- in: tenant str, batch str, part int, ids str
-- exec
INSERT INTO flow_batch_part (tenant, batch, part, ids) VALUES (:tenant, :batch, :part, :ids);

-- name: flow_batch_pending
-- doc: in the order in which they were begun
-- in: tenant str, most int
-- out: batch str, record str, id str, place str, kind str, count int, next int, failed int
-- many
SELECT batch, record, id, place, kind, count, next, failed FROM flow_batch
WHERE tenant = :tenant AND done_us = 0 ORDER BY batch LIMIT :most;

-- name: flow_batch_part_get
-- in: tenant str, batch str, part int
-- out: ids str
-- one
SELECT ids FROM flow_batch_part WHERE tenant = :tenant AND batch = :batch AND part = :part;

-- name: flow_batch_move
-- doc: conditional: of several that want to see to an element one does
-- in: tenant str, batch str, was int, next int, failed int, done_us int
-- exec
UPDATE flow_batch SET next = :next, failed = failed + :failed, done_us = :done_us
WHERE tenant = :tenant AND batch = :batch AND next = :was AND done_us = 0;

-- name: flow_batch_failed_insert
-- in: tenant str, batch str, element str, record str, id str, says str, at_us int
-- exec
INSERT INTO flow_batch_failed (tenant, batch, element, record, id, says, at_us)
VALUES (:tenant, :batch, :element, :record, :id, :says, :at_us);

-- name: flow_batch_parts_drop
-- in: tenant str, batch str
-- exec
DELETE FROM flow_batch_part WHERE tenant = :tenant AND batch = :batch;
