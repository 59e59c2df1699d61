-- Notices: what waits for a person, and what they should know.

-- name: notice_insert
-- in: tenant str, id str, person str, kind str, msg str, about str, n int, link str, plan str, at_us int
-- exec
INSERT INTO notice (tenant, id, person, kind, msg, about, n, link, plan, at_us, read_us)
VALUES (:tenant, :id, :person, :kind, :msg, :about, :n, :link, :plan, :at_us, 0);

-- name: notice_list
-- in: tenant str, person str
-- out: id str, kind str, msg str, about str, n int, link str, at_us int, read_us int
-- list
SELECT id, kind, msg, about, n, link, at_us, read_us FROM notice x WHERE tenant = :tenant AND person = :person;

-- name: notice_read
-- in: tenant str, id str, person str, at_us int
-- exec
UPDATE notice SET read_us = :at_us WHERE tenant = :tenant AND id = :id AND person = :person AND read_us = 0;

-- name: notice_read_all
-- in: tenant str, person str, at_us int
-- exec
UPDATE notice SET read_us = :at_us WHERE tenant = :tenant AND person = :person AND read_us = 0;

