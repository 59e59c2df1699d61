-- Messages from and to other bodies (src/engine/flow/message.h).

-- name: message_key_insert
-- in: tenant str, id str, system str, party str, made_us int
-- exec
INSERT INTO flow_party_key (tenant, id, system, party, made_us, ended_us) VALUES (:tenant, :id, :system, :party, :made_us, 0);

-- name: message_key_get
-- in: tenant str, id str
-- out: system str, party str, made_us int, ended_us int
-- one
SELECT system, party, made_us, ended_us FROM flow_party_key WHERE tenant = :tenant AND id = :id;

-- name: message_key_list
-- doc: those in force, newest first
-- in: tenant str, system str, party str
-- out: id str, made_us int
-- many
SELECT id, made_us FROM flow_party_key
WHERE tenant = :tenant AND system = :system AND party = :party AND ended_us = 0 ORDER BY id DESC;

-- name: message_key_end
-- in: tenant str, id str, ended_us int
-- exec
UPDATE flow_party_key SET ended_us = :ended_us WHERE tenant = :tenant AND id = :id AND ended_us = 0;

-- name: message_address_get
-- in: tenant str, system str, party str
-- out: address str
-- one
SELECT address FROM flow_party_address WHERE tenant = :tenant AND system = :system AND party = :party;

-- name: message_address_set
-- in: tenant str, system str, party str, address str
-- exec
UPDATE flow_party_address SET address = :address WHERE tenant = :tenant AND system = :system AND party = :party;

-- name: message_address_insert
-- in: tenant str, system str, party str, address str
-- exec
INSERT INTO flow_party_address (tenant, system, party, address) VALUES (:tenant, :system, :party, :address);

-- name: message_in_find
-- in: tenant str, system str, message str, key str
-- out: id str, digest str, phase str, tries int, record str, owner str
-- one
SELECT id, digest, phase, tries, record, owner FROM flow_inbox
WHERE tenant = :tenant AND system = :system AND message = :message AND key = :key;

-- name: message_in_get
-- in: tenant str, id str
-- out: system str, message str, key str, phase str, body str, tries int
-- one
SELECT system, message, key, phase, body, tries FROM flow_inbox WHERE tenant = :tenant AND id = :id;

-- name: message_in_insert
-- in: tenant str, system str, message str, key str, id str, digest str, phase str, says str, body str, tries int, came_us int, record str, owner str
-- exec
INSERT INTO flow_inbox (tenant, system, message, key, id, digest, phase, says, body, tries, came_us, record, owner)
VALUES (:tenant, :system, :message, :key, :id, :digest, :phase, :says, :body, :tries, :came_us, :record, :owner);

-- name: message_in_change
-- doc: one that waits; its key too, when it could not be worked out before
-- in: tenant str, id str, key str, digest str, phase str, says str, body str, tries int, record str, owner str
-- exec
UPDATE flow_inbox SET key = :key, digest = :digest, phase = :phase, says = :says, body = :body, tries = :tries,
  record = :record, owner = :owner
WHERE tenant = :tenant AND id = :id AND phase = 'waiting';

-- name: message_in_waiting
-- in: tenant str, system str
-- out: n int
-- one
SELECT count(*) FROM flow_inbox WHERE tenant = :tenant AND phase = 'waiting' AND system = :system;

-- name: message_in_list
-- doc: those that wait, oldest first, behind a system and an id
-- in: tenant str, system str, id str, most int
-- out: id str, system str, message str, key str, says str, tries int, came_us int
-- many
SELECT id, system, message, key, says, tries, came_us FROM flow_inbox
WHERE tenant = :tenant AND phase = 'waiting' AND (system > :system OR (system = :system AND id > :id))
ORDER BY system, id LIMIT :most;

-- name: message_out_insert
-- in: tenant str, id str, system str, message str, party str, key str, digest str, body str, made_us int
-- exec
INSERT INTO flow_outbox (tenant, id, system, message, party, key, digest, phase, says, body, tries, made_us, sent_us, again_us)
VALUES (:tenant, :id, :system, :message, :party, :key, :digest, 'waiting', '', :body, 0, :made_us, 0, 0);

-- name: message_out_get
-- in: tenant str, id str
-- out: system str, message str, party str, key str, phase str, body str, made_us int
-- one
SELECT system, message, party, key, phase, body, made_us FROM flow_outbox WHERE tenant = :tenant AND id = :id;

-- name: message_out_due
-- doc: those that have somewhere to go
-- in: tenant str, now_us int, most int
-- out: id str, system str, message str, party str, key str, body str, tries int, again_us int, address str
-- many
SELECT o.id, o.system, o.message, o.party, o.key, o.body, o.tries, o.again_us, a.address
FROM flow_outbox o JOIN flow_party_address a ON a.tenant = o.tenant AND a.system = o.system AND a.party = o.party
WHERE o.tenant = :tenant AND o.phase = 'waiting' AND o.again_us <= :now_us AND a.address <> ''
ORDER BY o.again_us, o.id LIMIT :most;

-- name: message_out_claim
-- doc: of several servers one changes it
-- in: tenant str, id str, was int, again_us int
-- exec
UPDATE flow_outbox SET again_us = :again_us WHERE tenant = :tenant AND id = :id AND again_us = :was AND phase = 'waiting';

-- name: message_out_failed
-- in: tenant str, id str, says str, tries int, again_us int
-- exec
UPDATE flow_outbox SET says = :says, tries = :tries, again_us = :again_us
WHERE tenant = :tenant AND id = :id AND phase = 'waiting';

-- name: message_out_hold
-- doc: nobody answers there: what else goes to the same body waits with it
-- in: tenant str, system str, party str, again_us int
-- exec
UPDATE flow_outbox SET again_us = :again_us
WHERE tenant = :tenant AND phase = 'waiting' AND again_us < :again_us AND system = :system AND party = :party;

-- name: message_out_now
-- doc: a new address, or somebody asks for it
-- in: tenant str, system str, party str
-- exec
UPDATE flow_outbox SET again_us = 0 WHERE tenant = :tenant AND phase = 'waiting' AND system = :system AND party = :party;

-- name: message_out_end
-- in: tenant str, id str, phase str, says str, sent_us int
-- exec
UPDATE flow_outbox SET phase = :phase, says = :says, sent_us = :sent_us, body = '', tries = tries + 1
WHERE tenant = :tenant AND id = :id AND phase = 'waiting';

-- name: message_out_list
-- doc: those that wait, oldest first
-- in: tenant str, id str, most int
-- out: id str, system str, message str, party str, key str, says str, tries int, made_us int, again_us int
-- many
SELECT id, system, message, party, key, says, tries, made_us, again_us FROM flow_outbox
WHERE tenant = :tenant AND phase = 'waiting' AND id > :id ORDER BY id LIMIT :most;

-- name: message_out_count
-- doc: all that ever went out
-- in: tenant str, system str, message str
-- out: n int
-- one
SELECT count(*) FROM flow_outbox WHERE tenant = :tenant AND system = :system AND message = :message;

-- name: message_out_sent
-- doc: receipts of one message, newest first
-- in: tenant str, system str, message str, most int
-- out: id str, key str, phase str, says str, digest str, made_us int, sent_us int
-- many
SELECT id, key, phase, says, digest, made_us, sent_us FROM flow_outbox
WHERE tenant = :tenant AND system = :system AND message = :message AND phase <> 'waiting' ORDER BY id DESC LIMIT :most;
