-- Notices: what waits for a person, and what they should know.

-- name: notice_insert
-- in: tenant str, id str, person str, kind str, msg str, about str, n int, link str, plan str, at_us int, tell_us int
-- exec
INSERT INTO notice (tenant, id, person, kind, msg, about, n, link, plan, at_us, read_us, tell_us)
VALUES (:tenant, :id, :person, :kind, :msg, :about, :n, :link, :plan, :at_us, 0, :tell_us);

-- name: notice_list
-- doc: whose they are and which are seen is a condition of src/app/notices.c
-- in: tenant str
-- out: id str, kind str, msg str, about str, n int, link str, at_us int, read_us int, person str, name str, tell_us int
-- list
SELECT id, kind, msg, about, n, link, at_us, read_us, person,
  COALESCE((SELECT COALESCE(h.name, a.name) FROM account a LEFT JOIN person h ON h.tenant = a.tenant AND h.id = a.person
  WHERE a.tenant = x.tenant AND a.login = x.person), ''), tell_us
FROM notice x WHERE tenant = :tenant;

-- name: notice_read
-- in: tenant str, id str, at_us int
-- exec
UPDATE notice SET read_us = :at_us WHERE tenant = :tenant AND id = :id AND read_us = 0;

-- name: notice_read_all
-- in: tenant str, person str, at_us int
-- exec
UPDATE notice SET read_us = :at_us WHERE tenant = :tenant AND person = :person AND read_us = 0;

