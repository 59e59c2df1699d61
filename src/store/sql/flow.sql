-- What records of all systems share; the records themselves are read by statements put together (src/engine/flow).

-- name: system_installed_get
-- in: tenant str, system str
-- out: version int, digest str, said str, at_us int
-- one
SELECT version, digest, said, at_us FROM system_installed WHERE tenant = :tenant AND system = :system;

-- name: system_installed_add
-- in: tenant str, system str, version int, digest str, said str, at_us int
-- exec
INSERT INTO system_installed (tenant, system, version, digest, said, at_us)
VALUES (:tenant, :system, :version, :digest, :said, :at_us);

-- name: system_installed_change
-- in: tenant str, system str, version int, digest str, said str, at_us int
-- exec
UPDATE system_installed SET version = :version, digest = :digest, said = :said, at_us = :at_us
WHERE tenant = :tenant AND system = :system;

-- name: flow_act_insert
-- in: tenant str, record str, id str, n int, act str, person str, instead_of str, from_state str, to_state str, at_us int, seq int
-- exec
INSERT INTO flow_act (tenant, record, id, n, act, person, instead_of, from_state, to_state, at_us, seq)
VALUES (:tenant, :record, :id, :n, :act, :person, :instead_of, :from_state, :to_state, :at_us, :seq);

-- name: flow_act_list
-- doc: in the order in which they were done
-- in: tenant str, record str, id str
-- out: n int, act str, person str, instead_of str, from_state str, to_state str, at_us int, seq int
-- many
SELECT n, act, person, instead_of, from_state, to_state, at_us, seq FROM flow_act
WHERE tenant = :tenant AND record = :record AND id = :id ORDER BY n;

-- name: flow_key_get
-- in: tenant str, sender str, key str
-- out: asked str, record str, id str, seq int
-- one
SELECT asked, record, id, seq FROM flow_key WHERE tenant = :tenant AND sender = :sender AND key = :key;

-- name: flow_key_insert
-- in: tenant str, sender str, key str, asked str, record str, id str, seq int, at_us int
-- exec
INSERT INTO flow_key (tenant, sender, key, asked, record, id, seq, at_us)
VALUES (:tenant, :sender, :key, :asked, :record, :id, :seq, :at_us);

-- name: flow_number_get
-- in: tenant str, series str, head str
-- out: last int
-- one
SELECT last FROM flow_number WHERE tenant = :tenant AND series = :series AND head = :head;

-- name: flow_number_start
-- in: tenant str, series str, head str, last int
-- exec
INSERT INTO flow_number (tenant, series, head, last) VALUES (:tenant, :series, :head, :last);

-- name: flow_number_move
-- doc: conditional, so that two writers cannot both give out the same
-- in: tenant str, series str, head str, last int, was int
-- exec
UPDATE flow_number SET last = :last WHERE tenant = :tenant AND series = :series AND head = :head AND last = :was;

-- name: flow_file_insert
-- in: tenant str, id str, hash str, name str, type str, size int, person str, at_us int
-- exec
INSERT INTO flow_file (tenant, id, hash, name, type, size, record, owner, field, person, at_us)
VALUES (:tenant, :id, :hash, :name, :type, :size, '', '', '', :person, :at_us);

-- name: flow_file_get
-- in: tenant str, id str
-- out: hash str, name str, type str, size int, record str, owner str, field str, person str, at_us int
-- one
SELECT hash, name, type, size, record, owner, field, person, at_us FROM flow_file WHERE tenant = :tenant AND id = :id;

-- name: flow_file_keep
-- doc: one that was sent becomes part of a record
-- in: tenant str, id str, record str, owner str, field str
-- exec
UPDATE flow_file SET record = :record, owner = :owner, field = :field WHERE tenant = :tenant AND id = :id AND record = '';

-- name: flow_follow_insert
-- in: tenant str, record str, id str, state str, task str
-- exec
INSERT INTO flow_follow (tenant, record, id, state, task) VALUES (:tenant, :record, :id, :state, :task);

-- name: flow_follow_list
-- in: tenant str, record str, id str, state str
-- out: task str
-- many
SELECT task FROM flow_follow WHERE tenant = :tenant AND record = :record AND id = :id AND state = :state ORDER BY task;

-- name: flow_follow_move
-- doc: those that waited for a record wait for the one that it was merged into
-- in: tenant str, record str, id str, into_id str
-- exec
UPDATE flow_follow SET id = :into_id WHERE tenant = :tenant AND record = :record AND id = :id;

-- name: flow_draft_get
-- in: tenant str, person str, record str, act str, id str
-- out: inputs str, at_us int
-- one
SELECT inputs, at_us FROM flow_draft
WHERE tenant = :tenant AND person = :person AND record = :record AND act = :act AND id = :id;

-- name: flow_draft_insert
-- in: tenant str, person str, record str, act str, id str, inputs str, at_us int
-- exec
INSERT INTO flow_draft (tenant, person, record, act, id, inputs, at_us)
VALUES (:tenant, :person, :record, :act, :id, :inputs, :at_us);

-- name: flow_draft_drop
-- in: tenant str, person str, record str, act str, id str
-- exec
DELETE FROM flow_draft WHERE tenant = :tenant AND person = :person AND record = :record AND act = :act AND id = :id;

-- name: flow_unit_area
-- doc: what a unit stands under today, itself when it stands on top
-- in: tenant str, unit str
-- out: area str
-- one
SELECT COALESCE(parent, id) FROM unit WHERE tenant = :tenant AND id = :unit;

-- name: flow_version_last
-- doc: how many values of a field are known
-- in: tenant str, record str, id str, field str
-- out: n int
-- one
SELECT COALESCE(MAX(n), 0) AS n FROM flow_version
WHERE tenant = :tenant AND record = :record AND id = :id AND field = :field;

-- name: flow_version_insert
-- in: tenant str, record str, id str, field str, n int, from_day str, said str, is_taken bool
-- exec
INSERT INTO flow_version (tenant, record, id, field, n, from_day, said, is_taken)
VALUES (:tenant, :record, :id, :field, :n, :from_day, :said, :is_taken);

-- name: flow_version_at
-- doc: the value that is true on a day, as far as is known
-- in: tenant str, record str, id str, field str, day str
-- out: said str
-- one
SELECT said FROM flow_version
WHERE tenant = :tenant AND record = :record AND id = :id AND field = :field AND from_day <= :day
ORDER BY from_day DESC, n DESC LIMIT 1;

-- name: flow_version_coming
-- doc: records of which a value has become true
-- in: tenant str, day str
-- out: record str, id str
-- many
SELECT DISTINCT record, id FROM flow_version WHERE tenant = :tenant AND is_taken = 0 AND from_day <= :day
ORDER BY record, id;

-- name: flow_version_fields
-- in: tenant str, record str, id str, day str
-- out: field str
-- many
SELECT DISTINCT field FROM flow_version
WHERE tenant = :tenant AND record = :record AND id = :id AND is_taken = 0 AND from_day <= :day ORDER BY field;

-- name: flow_version_take
-- in: tenant str, record str, id str, day str
-- exec
UPDATE flow_version SET is_taken = 1
WHERE tenant = :tenant AND record = :record AND id = :id AND is_taken = 0 AND from_day <= :day;

-- name: flow_act_states
-- doc: a deed, the states of which have other names now
-- in: tenant str, record str, id str, n int, from_state str, to_state str
-- exec
UPDATE flow_act SET from_state = :from_state, to_state = :to_state
WHERE tenant = :tenant AND record = :record AND id = :id AND n = :n;

-- name: flow_follow_state
-- doc: tasks that waited for it
-- in: tenant str, record str, id str, was str, state str
-- exec
UPDATE flow_follow SET state = :state WHERE tenant = :tenant AND record = :record AND id = :id AND state = :was;

-- name: flow_file_field
-- doc: files of a field that has another name now
-- in: tenant str, record str, was str, field str
-- exec
UPDATE flow_file SET field = :field WHERE tenant = :tenant AND record = :record AND field = :was;

-- name: flow_version_field
-- in: tenant str, record str, was str, field str
-- exec
UPDATE flow_version SET field = :field WHERE tenant = :tenant AND record = :record AND field = :was;

-- name: flow_upgrade_get
-- in: tenant str, system str
-- out: from_version int, version int, said str, record str, after str, seen int, changed int, moved int, begun_us int, done_us int
-- one
SELECT from_version, version, said, record, after, seen, changed, moved, begun_us, done_us FROM flow_upgrade
WHERE tenant = :tenant AND system = :system;

-- name: flow_upgrade_drop
-- in: tenant str, system str
-- exec
DELETE FROM flow_upgrade WHERE tenant = :tenant AND system = :system;

-- name: flow_upgrade_begin
-- in: tenant str, system str, from_version int, version int, said str, now int
-- exec
INSERT INTO flow_upgrade (tenant, system, from_version, version, said, record, after, seen, changed, moved, begun_us, done_us)
VALUES (:tenant, :system, :from_version, :version, :said, '', '', 0, 0, 0, :now, 0);

-- name: flow_upgrade_move
-- doc: conditional, so that of two servers one goes on
-- in: tenant str, system str, was_record str, was_after str, record str, after str, seen int, changed int, moved int, done_us int
-- exec
UPDATE flow_upgrade SET record = :record, after = :after, seen = :seen, changed = :changed, moved = :moved, done_us = :done_us
WHERE tenant = :tenant AND system = :system AND record = :was_record AND after = :was_after AND done_us = 0;
