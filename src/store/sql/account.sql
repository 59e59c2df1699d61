-- Accounts, sessions, failed attempts.

-- name: account_by_login
-- in: tenant str, login str
-- out: id str, name str, admin str, hash str, state str, demo int, must_change int
-- one
SELECT id, name, admin, hash, state, demo, must_change FROM account WHERE tenant = :tenant AND login = :login;

-- name: account_called
-- doc: by the login, or by the name of the person
-- in: tenant str, word str
-- out: name str, login str
-- many
SELECT a.name, a.login FROM account a WHERE a.tenant = :tenant AND a.login = :word
UNION SELECT a.name, a.login FROM person p JOIN account a ON a.tenant = p.tenant AND a.person = p.id
WHERE p.tenant = :tenant AND p.name = :word LIMIT 8;

-- name: account_get
-- in: tenant str, id str
-- out: id str, login str, name str, person str?, admin str, hash str, state str, demo int, must_change int, created_us int, changed_us int
-- one
SELECT id, login, name, person, admin, hash, state, demo, must_change, created_us, changed_us
FROM account WHERE tenant = :tenant AND id = :id;

-- name: account_all
-- doc: by login; `after` goes on behind one
-- in: tenant str, after str, most int
-- out: id str, login str, name str, person str?, admin str, state str, demo int, must_change int, has_password int, seen_us int?, outside str?
-- many
SELECT a.id, a.login, a.name, a.person, a.admin, a.state, a.demo, a.must_change, CASE WHEN a.hash = '' THEN 0 ELSE 1 END,
  (SELECT max(s.seen_us) FROM session s WHERE s.tenant = a.tenant AND s.account = a.id),
  (SELECT o.subject FROM account_outside o WHERE o.tenant = a.tenant AND o.account = a.id AND o.provider = 'proxy')
FROM account a WHERE a.tenant = :tenant AND a.login > :after ORDER BY a.login LIMIT :most;

-- name: account_real_admins
-- doc: administrators that are not the demo's
-- in: tenant str
-- out: n int
-- one
SELECT count(*) FROM account WHERE tenant = :tenant AND admin <> '' AND demo = 0;

-- name: account_demo
-- in: tenant str
-- out: id str, login str, name str, admin str, role str?, unit_name str?
-- many
SELECT a.id, a.login, a.name, a.admin, p.role, u.name FROM account a
LEFT JOIN post p ON p.tenant = a.tenant AND p.person = a.person
LEFT JOIN unit u ON u.tenant = p.tenant AND u.id = p.unit
WHERE a.tenant = :tenant AND a.demo = 1 AND a.state = 'open' ORDER BY a.created_us, a.id, p.id;

-- name: account_admin_of
-- doc: the administration that a person's account is given
-- in: tenant str, person str
-- out: admin str
-- one
SELECT admin FROM account WHERE tenant = :tenant AND person = :person AND state = 'open' AND admin <> '';

-- name: account_administrators
-- in: tenant str
-- out: name str, person str, admin str
-- many
SELECT name, COALESCE(person, ''), admin FROM account WHERE tenant = :tenant AND admin <> '' AND state = 'open'
ORDER BY login;

-- name: account_insert
-- in: tenant str, id str, login str, name str, person str?, admin str, hash str, state str, demo int, must_change int, at_us int
-- exec
INSERT INTO account (tenant, id, login, name, person, admin, hash, state, demo, must_change, created_us, changed_us)
VALUES (:tenant, :id, :login, :name, :person, :admin, :hash, :state, :demo, :must_change, :at_us, :at_us);

-- name: account_set_password
-- in: tenant str, id str, hash str, must_change int, at_us int
-- exec
UPDATE account SET hash = :hash, must_change = :must_change, changed_us = :at_us WHERE tenant = :tenant AND id = :id;

-- name: account_set_state
-- in: tenant str, id str, state str
-- exec
UPDATE account SET state = :state WHERE tenant = :tenant AND id = :id;

-- name: account_person_get
-- in: tenant str, id str
-- out: name str
-- one
SELECT name FROM person WHERE tenant = :tenant AND id = :id;

-- name: session_who
-- doc: the account behind a session that has not ended
-- in: tenant str, hash str
-- out: id str, stage str, address str, created_us int, seen_us int, outside str, account str, login str, name str, person str?, admin str, state str, demo int, must_change int
-- one
SELECT s.id, s.stage, s.address, s.created_us, s.seen_us, s.outside, a.id, a.login, COALESCE(p.name, a.name), a.person, a.admin,
  a.state, a.demo, a.must_change
FROM session s JOIN account a ON a.tenant = s.tenant AND a.id = s.account
LEFT JOIN person p ON p.tenant = a.tenant AND p.id = a.person
WHERE s.tenant = :tenant AND s.hash = :hash AND s.ended_us = 0;

-- name: session_insert
-- in: tenant str, id str, hash str, account str, stage str, address str, agent str, outside str, at_us int
-- exec
INSERT INTO session (tenant, id, hash, account, stage, address, agent, outside, created_us, seen_us, ended_us)
VALUES (:tenant, :id, :hash, :account, :stage, :address, :agent, :outside, :at_us, :at_us, 0);

-- name: session_renew
-- doc: the same session under a new token
-- in: tenant str, id str, hash str, stage str, at_us int
-- exec
UPDATE session SET hash = :hash, stage = :stage, seen_us = :at_us WHERE tenant = :tenant AND id = :id AND ended_us = 0;

-- name: session_seen
-- in: tenant str, id str, at_us int
-- exec
UPDATE session SET seen_us = :at_us WHERE tenant = :tenant AND id = :id AND seen_us < :at_us;

-- name: session_end
-- in: tenant str, id str, account str, at_us int
-- exec
UPDATE session SET ended_us = :at_us WHERE tenant = :tenant AND id = :id AND account = :account AND ended_us = 0;

-- name: session_end_all
-- doc: all of an account but one
-- in: tenant str, account str, but str, at_us int
-- exec
UPDATE session SET ended_us = :at_us WHERE tenant = :tenant AND account = :account AND id <> :but AND ended_us = 0;

-- name: session_of
-- doc: open ones of an account, last seen first
-- in: tenant str, account str
-- out: id str, address str, agent str, created_us int, seen_us int
-- many
SELECT id, address, agent, created_us, seen_us FROM session
WHERE tenant = :tenant AND account = :account AND ended_us = 0 ORDER BY seen_us DESC, id;

-- name: outside_who
-- doc: the account of a subject
-- in: tenant str, provider str, subject str
-- out: account str, login str
-- one
SELECT o.account, a.login FROM account_outside o JOIN account a ON a.tenant = o.tenant AND a.id = o.account
WHERE o.tenant = :tenant AND o.provider = :provider AND o.subject = :subject;

-- name: outside_of
-- in: tenant str, account str, provider str
-- out: subject str, made_us int
-- one
SELECT subject, made_us FROM account_outside WHERE tenant = :tenant AND account = :account AND provider = :provider;

-- name: outside_insert
-- in: tenant str, provider str, subject str, account str, at_us int
-- exec
INSERT INTO account_outside (tenant, provider, subject, account, made_us)
VALUES (:tenant, :provider, :subject, :account, :at_us);

-- name: outside_drop
-- in: tenant str, account str, provider str
-- exec
DELETE FROM account_outside WHERE tenant = :tenant AND account = :account AND provider = :provider;

-- name: failure_get
-- in: tenant str, key str
-- out: failures int, last_us int, until_us int
-- one
SELECT failures, last_us, until_us FROM sign_in_failure WHERE tenant = :tenant AND key = :key;

-- name: failure_insert
-- in: tenant str, key str, failures int, last_us int, until_us int
-- exec
INSERT INTO sign_in_failure (tenant, key, failures, last_us, until_us) VALUES (:tenant, :key, :failures, :last_us, :until_us);

-- name: failure_set
-- in: tenant str, key str, failures int, last_us int, until_us int
-- exec
UPDATE sign_in_failure SET failures = :failures, last_us = :last_us, until_us = :until_us WHERE tenant = :tenant AND key = :key;

-- name: failure_drop
-- in: tenant str, key str
-- exec
DELETE FROM sign_in_failure WHERE tenant = :tenant AND key = :key;

-- name: failure_forget
-- in: tenant str, before int
-- exec
DELETE FROM sign_in_failure WHERE tenant = :tenant AND last_us < :before;

-- name: failure_count
-- in: tenant str
-- out: n int
-- one
SELECT count(*) FROM sign_in_failure WHERE tenant = :tenant;

-- name: factor_get
-- doc: secret: a cell (base/seal.h), sealed in the compartment `second_factor`
-- in: tenant str, account str
-- out: secret blob, confirmed int, step int
-- one
SELECT secret, confirmed, step FROM second_factor WHERE tenant = :tenant AND account = :account;

-- name: factor_insert
-- in: tenant str, account str, secret blob, at_us int
-- exec
INSERT INTO second_factor (tenant, account, secret, confirmed, step, created_us) VALUES (:tenant, :account, :secret, 0, 0, :at_us);

-- name: factor_bare
-- doc: secrets as they were kept before they were sealed: the bytes themselves, fewer than any cell has
-- in: tenant str, size int
-- out: account str, secret blob
-- many
SELECT account, secret FROM second_factor WHERE tenant = :tenant AND length(secret) <= :size ORDER BY account;

-- name: factor_seal
-- in: tenant str, account str, cell blob, size int
-- erases
-- exec
UPDATE second_factor SET secret = :cell WHERE tenant = :tenant AND account = :account AND length(secret) <= :size;

-- name: factor_confirm
-- in: tenant str, account str, step int
-- exec
UPDATE second_factor SET confirmed = 1, step = :step WHERE tenant = :tenant AND account = :account AND confirmed = 0;

-- name: factor_use
-- doc: a step is taken once, by whoever is first
-- in: tenant str, account str, step int
-- exec
UPDATE second_factor SET step = :step WHERE tenant = :tenant AND account = :account AND confirmed = 1 AND step < :step;

-- name: factor_drop
-- in: tenant str, account str
-- exec
DELETE FROM second_factor WHERE tenant = :tenant AND account = :account;

-- name: recovery_insert
-- in: tenant str, account str, hash str
-- exec
INSERT INTO recovery_code (tenant, account, hash, used_us) VALUES (:tenant, :account, :hash, 0);

-- name: recovery_use
-- in: tenant str, account str, hash str, at_us int
-- exec
UPDATE recovery_code SET used_us = :at_us WHERE tenant = :tenant AND account = :account AND hash = :hash AND used_us = 0;

-- name: recovery_left
-- in: tenant str, account str
-- out: n int
-- one
SELECT count(*) FROM recovery_code WHERE tenant = :tenant AND account = :account AND used_us = 0;

-- name: recovery_drop
-- in: tenant str, account str
-- exec
DELETE FROM recovery_code WHERE tenant = :tenant AND account = :account;

-- name: token_who
-- in: tenant str, hash str
-- out: id str, scopes str, expires_us int, used_us int, account str, login str, name str, person str?, admin str, state str, demo int, must_change int
-- one
SELECT t.id, t.scopes, t.expires_us, t.used_us, a.id, a.login, COALESCE(p.name, a.name), a.person, a.admin, a.state, a.demo,
  a.must_change
FROM api_token t JOIN account a ON a.tenant = t.tenant AND a.id = t.account
LEFT JOIN person p ON p.tenant = a.tenant AND p.id = a.person
WHERE t.tenant = :tenant AND t.hash = :hash AND t.ended_us = 0;

-- name: token_insert
-- in: tenant str, id str, hash str, account str, name str, scopes str, at_us int, expires_us int
-- exec
INSERT INTO api_token (tenant, id, hash, account, name, scopes, created_us, expires_us, used_us, ended_us)
VALUES (:tenant, :id, :hash, :account, :name, :scopes, :at_us, :expires_us, 0, 0);

-- name: token_of
-- in: tenant str, account str
-- out: id str, name str, scopes str, created_us int, expires_us int, used_us int
-- many
SELECT id, name, scopes, created_us, expires_us, used_us FROM api_token
WHERE tenant = :tenant AND account = :account AND ended_us = 0 ORDER BY created_us DESC, id;

-- name: token_used
-- in: tenant str, id str, at_us int
-- exec
UPDATE api_token SET used_us = :at_us WHERE tenant = :tenant AND id = :id AND used_us < :at_us;

-- name: token_end
-- in: tenant str, id str, account str, at_us int
-- exec
UPDATE api_token SET ended_us = :at_us WHERE tenant = :tenant AND id = :id AND account = :account AND ended_us = 0;

-- name: account_set_admin
-- in: tenant str, id str, admin str
-- exec
UPDATE account SET admin = :admin WHERE tenant = :tenant AND id = :id;

-- name: account_admins
-- doc: who can act as this administrator
-- in: tenant str, admin str
-- out: n int
-- one
SELECT count(*) FROM account WHERE tenant = :tenant AND admin = :admin AND state = 'open';

-- name: account_person_find
-- doc: a person by id or by the whole name, and their account if they have one
-- in: tenant str, word str
-- out: id str, name str, account str?
-- many
SELECT p.id, p.name, a.id FROM person p LEFT JOIN account a ON a.tenant = p.tenant AND a.person = p.id
WHERE p.tenant = :tenant AND (p.id = :word OR p.name = :word) ORDER BY p.id LIMIT 20;
