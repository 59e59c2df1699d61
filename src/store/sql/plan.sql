-- Plans: files, drafts, corrections, acceptance, links.

-- name: file_has
-- in: tenant str, hash str
-- out: size int
-- one
SELECT size FROM file WHERE tenant = :tenant AND hash = :hash;

-- name: file_insert
-- in: tenant str, hash str, size int, bytes blob
-- exec
INSERT INTO file (tenant, hash, size, bytes) VALUES (:tenant, :hash, :size, :bytes);

-- name: file_get
-- in: tenant str, hash str
-- out: bytes blob
-- one
SELECT bytes FROM file WHERE tenant = :tenant AND hash = :hash;

-- name: plan_insert
-- in: tenant str, id str, unit str, title str, issuer str, number str, year int, level str, name str, container str, file str, size int, at_us int, items int, errors int, doubts int, documents int, search str
-- exec
INSERT INTO plan (tenant, id, unit, title, issuer, number, year, level, name, container, file, size, draft, voided, accepted_all,
  created_us, updated_us, rev, items, accepted, errors, doubts, documents, search)
VALUES (:tenant, :id, :unit, :title, :issuer, :number, :year, :level, :name, :container, :file, :size, 1, 0, 0,
  :at_us, :at_us, 1, :items, 0, :errors, :doubts, :documents, :search);

-- name: plan_get
-- in: tenant str, id str
-- out: id str, unit str, title str, issuer str, number str, year int, level str, name str, container str, file str, size int, draft int, voided int, created_us int, updated_us int, rev int, items int, accepted int, errors int, doubts int, documents int
-- one
SELECT id, unit, title, issuer, number, year, level, name, container, file, size, draft, voided, created_us, updated_us, rev,
  items, accepted, errors, doubts, documents
FROM plan WHERE tenant = :tenant AND id = :id;

-- name: plan_by_file
-- doc: asked for an order, SQLite walks the whole table in it rather than use the index of files
-- in: tenant str, file str, most int
-- out: id str
-- many
SELECT id FROM plan WHERE tenant = :tenant AND file = :file AND voided = 0 LIMIT :most;

-- name: plan_list
-- doc: plans as lists show them, as r for conditions of rights; search holds title, issuer, number and file name in small letters
-- in: tenant str
-- out: id str, unit str, title str, issuer str, number str, year int, level str, name str, container str, file str, size int, draft int, voided int, created_us int, updated_us int, rev int, items int, accepted int, errors int, doubts int, documents int, accepted_all int, search str
-- list
SELECT id, unit, title, issuer, number, year, level, name, container, file, size, draft, voided, created_us, updated_us, rev,
  items, accepted, errors, doubts, documents, accepted_all, search
FROM plan r WHERE tenant = :tenant;

-- name: plan_change
-- doc: after every act: figures of the list and the new revision; only if nobody was faster
-- in: tenant str, id str, was int, at_us int, items int, accepted int, errors int, doubts int, documents int, accepted_all int
-- exec
UPDATE plan SET rev = rev + 1, updated_us = :at_us, items = :items, accepted = :accepted, errors = :errors,
  doubts = :doubts, documents = :documents, accepted_all = :accepted_all
WHERE tenant = :tenant AND id = :id AND rev = :was;

-- name: plan_set_voided
-- in: tenant str, id str, was int, at_us int, voided int
-- exec
UPDATE plan SET rev = rev + 1, updated_us = :at_us, voided = :voided WHERE tenant = :tenant AND id = :id AND rev = :was;

-- name: plan_describe
-- in: tenant str, id str, title str, issuer str, number str, year int, level str, search str
-- exec
UPDATE plan SET title = :title, issuer = :issuer, number = :number, year = :year, level = :level, search = :search
WHERE tenant = :tenant AND id = :id;

-- name: plan_set_draft
-- in: tenant str, id str, draft int, name str, container str, file str, size int
-- exec
UPDATE plan SET draft = :draft, name = :name, container = :container, file = :file, size = :size
WHERE tenant = :tenant AND id = :id;

-- name: plan_draft_insert
-- in: tenant str, plan str, draft int, name str, file str, year int, actor str, at_us int
-- exec
INSERT INTO plan_draft (tenant, plan, draft, name, file, year, actor, at_us)
VALUES (:tenant, :plan, :draft, :name, :file, :year, :actor, :at_us);

-- name: plan_draft_get
-- in: tenant str, plan str, draft int
-- out: draft int, name str, file str, year int
-- one
SELECT draft, name, file, year FROM plan_draft WHERE tenant = :tenant AND plan = :plan AND draft = :draft;

-- name: plan_act_insert
-- in: tenant str, plan str, seq int, act str
-- exec
INSERT INTO plan_act (tenant, plan, seq, act) VALUES (:tenant, :plan, :seq, :act);

-- name: plan_act_last
-- doc: the act that would be taken back
-- in: tenant str, plan str
-- out: seq int, act str
-- many
SELECT seq, act FROM plan_act WHERE tenant = :tenant AND plan = :plan AND undone IS NULL ORDER BY seq DESC LIMIT 1;

-- name: plan_act_undo
-- in: tenant str, plan str, seq int, by_seq int
-- exec
UPDATE plan_act SET undone = :by_seq WHERE tenant = :tenant AND plan = :plan AND seq = :seq AND undone IS NULL;

-- name: plan_act_undone
-- doc: which of the acts shown in a history were taken back
-- in: tenant str, plan str, least int
-- out: seq int
-- many
SELECT seq FROM plan_act WHERE tenant = :tenant AND plan = :plan AND seq >= :least AND undone IS NOT NULL ORDER BY seq;

-- name: correction_insert
-- in: tenant str, plan str, seq int, n int, act str, subject str, fact str, item str, field str, value str, item_title str, words str, actor str, at_us int, reason str
-- exec
INSERT INTO plan_correction (tenant, plan, seq, n, act, subject, fact, item, field, value, item_title, words, actor, at_us, reason)
VALUES (:tenant, :plan, :seq, :n, :act, :subject, :fact, :item, :field, :value, :item_title, :words, :actor, :at_us, :reason);

-- name: correction_all
-- in: tenant str, plan str
-- out: seq int, n int, act str, subject str, fact str, item str, field str, value str, item_title str, words str, actor str, at_us int, reason str
-- many
SELECT seq, n, act, subject, fact, item, field, value, item_title, words, actor, at_us, reason
FROM plan_correction WHERE tenant = :tenant AND plan = :plan AND undone IS NULL ORDER BY seq, n;

-- name: correction_undo
-- in: tenant str, plan str, seq int, by_seq int
-- exec
UPDATE plan_correction SET undone = :by_seq WHERE tenant = :tenant AND plan = :plan AND seq = :seq AND undone IS NULL;

-- name: correction_redo
-- in: tenant str, plan str, by_seq int
-- exec
UPDATE plan_correction SET undone = NULL WHERE tenant = :tenant AND plan = :plan AND undone = :by_seq;

-- name: acceptance_insert
-- in: tenant str, plan str, seq int, item str, digest str, actor str, at_us int
-- exec
INSERT INTO plan_acceptance (tenant, plan, seq, item, digest, actor, at_us)
VALUES (:tenant, :plan, :seq, :item, :digest, :actor, :at_us);

-- name: acceptance_all
-- in: tenant str, plan str
-- out: seq int, item str, digest str, actor str, at_us int
-- many
SELECT seq, item, digest, actor, at_us FROM plan_acceptance
WHERE tenant = :tenant AND plan = :plan AND ended IS NULL ORDER BY seq, item;

-- name: acceptance_end_item
-- in: tenant str, plan str, item str, by_seq int
-- exec
UPDATE plan_acceptance SET ended = :by_seq WHERE tenant = :tenant AND plan = :plan AND item = :item AND ended IS NULL;

-- name: acceptance_end_act
-- in: tenant str, plan str, seq int, by_seq int
-- exec
UPDATE plan_acceptance SET ended = :by_seq WHERE tenant = :tenant AND plan = :plan AND seq = :seq AND ended IS NULL;

-- name: acceptance_redo
-- in: tenant str, plan str, by_seq int
-- exec
UPDATE plan_acceptance SET ended = NULL WHERE tenant = :tenant AND plan = :plan AND ended = :by_seq;

-- name: link_insert
-- in: tenant str, left_plan str, right_plan str, seq int, left_item str, right_item str, cut int
-- exec
INSERT INTO plan_link (tenant, left_plan, right_plan, seq, left_item, right_item, cut)
VALUES (:tenant, :left_plan, :right_plan, :seq, :left_item, :right_item, :cut);

-- name: link_all
-- in: tenant str, left_plan str, right_plan str
-- out: seq int, left_item str, right_item str, cut int
-- many
SELECT seq, left_item, right_item, cut FROM plan_link
WHERE tenant = :tenant AND left_plan = :left_plan AND right_plan = :right_plan AND undone IS NULL ORDER BY seq;

-- name: link_undo
-- in: tenant str, left_plan str, seq int, by_seq int
-- exec
UPDATE plan_link SET undone = :by_seq WHERE tenant = :tenant AND left_plan = :left_plan AND seq = :seq AND undone IS NULL;

-- name: plan_gaps
-- doc: for the doctor: files that no draft refers to, plans without a row of the search, such rows without a plan
-- in: tenant str
-- out: files int, unsearched int, stray_search int
-- one
SELECT (SELECT count(*) FROM file f WHERE f.tenant = :tenant AND f.hash NOT IN (SELECT d.file FROM plan_draft d WHERE d.tenant = :tenant)
    AND f.hash NOT IN (SELECT r.hash FROM flow_file r WHERE r.tenant = :tenant)
    AND f.hash NOT IN (SELECT p.docx FROM flow_paper p WHERE p.tenant = :tenant)
    AND f.hash NOT IN (SELECT p.pdf FROM flow_paper p WHERE p.tenant = :tenant)),
  (SELECT count(*) FROM plan p WHERE p.tenant = :tenant AND p.voided = 0
    AND NOT EXISTS (SELECT 1 FROM search_row s WHERE s.tenant = p.tenant AND s.kind = 'plan' AND s.id = p.id)),
  (SELECT count(*) FROM search_row s WHERE s.tenant = :tenant AND s.kind = 'plan'
    AND NOT EXISTS (SELECT 1 FROM plan p WHERE p.tenant = s.tenant AND p.id = s.id AND p.voided = 0));
