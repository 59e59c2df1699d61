-- Rounds of records: who is asked, what they answered.

-- name: flow_round_last
-- doc: the newest opening
-- in: tenant str, record str, id str, round str
-- out: n int, opened_us int, closed_us int, outcome str
-- one
SELECT n, opened_us, closed_us, outcome FROM flow_round
WHERE tenant = :tenant AND record = :record AND id = :id AND round = :round ORDER BY n DESC LIMIT 1;

-- name: flow_round_list
-- doc: every opening of every round of a record
-- in: tenant str, record str, id str
-- out: round str, n int, opened_us int, closed_us int, outcome str
-- many
SELECT round, n, opened_us, closed_us, outcome FROM flow_round
WHERE tenant = :tenant AND record = :record AND id = :id ORDER BY opened_us, round, n;

-- name: flow_round_insert
-- in: tenant str, record str, id str, round str, n int, opened_us int
-- exec
INSERT INTO flow_round (tenant, record, id, round, n, opened_us, closed_us, outcome)
VALUES (:tenant, :record, :id, :round, :n, :opened_us, 0, 'open');

-- name: flow_round_close
-- in: tenant str, record str, id str, round str, n int, closed_us int, outcome str
-- exec
UPDATE flow_round SET closed_us = :closed_us, outcome = :outcome
WHERE tenant = :tenant AND record = :record AND id = :id AND round = :round AND n = :n AND outcome = 'open';

-- name: flow_party_list
-- in: tenant str, record str, id str, round str, n int
-- out: party str, is_unit int, place int, state str, due_us int, person str, answered_us int, version int, added_by str
-- many
SELECT party, is_unit, place, state, due_us, person, answered_us, version, added_by FROM flow_party
WHERE tenant = :tenant AND record = :record AND id = :id AND round = :round AND n = :n ORDER BY place, party;

-- name: flow_party_insert
-- in: tenant str, record str, id str, round str, n int, party str, is_unit int, place int, state str, due_us int, added_by str
-- exec
INSERT INTO flow_party (tenant, record, id, round, n, party, is_unit, place, state, due_us, person, answered_us, version, added_by)
VALUES (:tenant, :record, :id, :round, :n, :party, :is_unit, :place, :state, :due_us, '', 0, 0, :added_by);

-- name: flow_party_change
-- in: tenant str, record str, id str, round str, n int, party str, place int, state str, due_us int, person str, answered_us int, version int
-- exec
UPDATE flow_party SET place = :place, state = :state, due_us = :due_us, person = :person, answered_us = :answered_us, version = :version
WHERE tenant = :tenant AND record = :record AND id = :id AND round = :round AND n = :n AND party = :party;

-- name: flow_party_rest
-- doc: the round is over, nobody is waited for
-- in: tenant str, record str, id str, round str, n int
-- exec
UPDATE flow_party SET due_us = 0
WHERE tenant = :tenant AND record = :record AND id = :id AND round = :round AND n = :n AND due_us > 0;

-- name: flow_party_next
-- doc: parties whose time is over first, behind those that were passed over
-- in: tenant str, state str, after_us int, record str, id str, round str, n int, party str, most int
-- out: record str, id str, round str, n int, party str, due_us int
-- many
SELECT record, id, round, n, party, due_us FROM flow_party
WHERE tenant = :tenant AND state = :state AND due_us > 0 AND due_us >= :after_us
  AND (due_us > :after_us OR record > :record OR (record = :record AND (id > :id OR (id = :id AND
    (round > :round OR (round = :round AND (n > :n OR (n = :n AND party > :party))))))))
ORDER BY due_us, record, id, round, n, party LIMIT :most;

-- name: flow_party_claim
-- doc: of two that want to see to it only one changes the row
-- in: tenant str, record str, id str, round str, n int, party str, was int, due_us int
-- exec
UPDATE flow_party SET due_us = :due_us
WHERE tenant = :tenant AND record = :record AND id = :id AND round = :round AND n = :n AND party = :party AND due_us = :was;

-- name: flow_answer_list
-- doc: the newest of each party
-- in: tenant str, record str, id str, round str, n int
-- out: party str, field str, value str
-- many
SELECT a.party, a.field, a.value FROM flow_answer a JOIN flow_party p ON p.tenant = a.tenant AND p.record = a.record
  AND p.id = a.id AND p.round = a.round AND p.n = a.n AND p.party = a.party AND p.version = a.version
WHERE a.tenant = :tenant AND a.record = :record AND a.id = :id AND a.round = :round AND a.n = :n ORDER BY a.party, a.field;

-- name: flow_answer_insert
-- in: tenant str, record str, id str, round str, n int, party str, version int, field str, value str
-- exec
INSERT INTO flow_answer (tenant, record, id, round, n, party, version, field, value)
VALUES (:tenant, :record, :id, :round, :n, :party, :version, :field, :value);

-- name: round_party_get
-- in: tenant str, record str, role str, party str, id str
-- out: party str
-- one
SELECT party FROM round_party WHERE tenant = :tenant AND record = :record AND role = :role AND party = :party AND id = :id;

-- name: round_party_insert
-- in: tenant str, record str, role str, party str, id str
-- exec
INSERT INTO round_party (tenant, record, role, party, id) VALUES (:tenant, :record, :role, :party, :id);

-- name: flow_deputy
-- doc: does somebody stand in for this person today
-- in: tenant str, person str, deputy str, today str
-- out: id str
-- one
SELECT o.id FROM delegation d JOIN post o ON o.tenant = d.tenant AND o.id = d.post
WHERE d.tenant = :tenant AND o.person = :person AND d.deputy = :deputy AND d.from_day <= :today AND d.until_day >= :today
  AND o.from_day <= :today AND o.until_day >= :today LIMIT 1;

-- name: flow_stood_for
-- doc: whose post a person answers for a unit in: their own first, else that of somebody they stand in for
-- in: tenant str, person str, role str, unit str, today str
-- out: person str, place int
-- many
SELECT o.person, 0 AS place FROM post o
WHERE o.tenant = :tenant AND o.person = :person AND o.role = :role AND o.unit = :unit AND o.from_day <= :today
  AND o.until_day >= :today
UNION
SELECT o.person, 1 FROM delegation d JOIN post o ON o.tenant = d.tenant AND o.id = d.post
WHERE d.tenant = :tenant AND d.deputy = :person AND o.role = :role AND o.unit = :unit AND d.from_day <= :today
  AND d.until_day >= :today AND o.from_day <= :today AND o.until_day >= :today
ORDER BY 2, 1 LIMIT 1;

-- name: flow_deputies
-- doc: who stands in for this person today
-- in: tenant str, person str, today str
-- out: deputy str
-- many
SELECT DISTINCT d.deputy FROM delegation d JOIN post o ON o.tenant = d.tenant AND o.id = d.post
WHERE d.tenant = :tenant AND o.person = :person AND d.from_day <= :today AND d.until_day >= :today
  AND o.from_day <= :today AND o.until_day >= :today ORDER BY d.deputy;
