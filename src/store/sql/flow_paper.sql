-- Papers of records.

-- name: flow_paper_insert
-- doc: what it says; its bytes come with its first print
-- in: tenant str, id str, record str, owner str, paper str, number str, verify str, person str, at_us int, said str
-- exec
INSERT INTO flow_paper (tenant, id, record, owner, paper, number, verify, docx, pdf, pages, person, at_us, said)
VALUES (:tenant, :id, :record, :owner, :paper, :number, :verify, '', '', 0, :person, :at_us, :said);

-- name: flow_paper_said
-- doc: of one that was not printed yet
-- in: tenant str, id str
-- out: record str, owner str, paper str, number str, said str
-- one
SELECT record, owner, paper, number, said FROM flow_paper WHERE tenant = :tenant AND id = :id AND pdf = '';

-- name: flow_paper_print
-- in: tenant str, id str, docx str, pdf str, pages int
-- exec
UPDATE flow_paper SET docx = :docx, pdf = :pdf, pages = :pages, said = '' WHERE tenant = :tenant AND id = :id AND pdf = '';

-- name: flow_paper_list
-- doc: of one record, oldest first
-- in: tenant str, record str, owner str
-- out: id str, paper str, number str, verify str, docx str, pdf str, pages int, person str, at_us int
-- many
SELECT id, paper, number, verify, docx, pdf, pages, person, at_us FROM flow_paper
WHERE tenant = :tenant AND record = :record AND owner = :owner ORDER BY id;

-- name: flow_paper_get
-- in: tenant str, id str
-- out: record str, owner str, paper str, number str, docx str, pdf str, at_us int
-- one
SELECT record, owner, paper, number, docx, pdf, at_us FROM flow_paper WHERE tenant = :tenant AND id = :id;

-- name: flow_paper_by_number
-- doc: for whoever holds it in hand
-- in: tenant str, verify str
-- out: id str, record str, paper str, number str, docx str, pdf str, pages int, at_us int
-- one
SELECT id, record, paper, number, docx, pdf, pages, at_us FROM flow_paper WHERE tenant = :tenant AND verify = :verify AND verify <> '';

-- name: flow_authority
-- doc: whose papers they are: the unit on top
-- in: tenant str
-- out: name str
-- one
SELECT name FROM unit WHERE tenant = :tenant AND parent IS NULL ORDER BY id LIMIT 1;
