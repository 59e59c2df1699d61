-- Signing in through another system: which account it is whom that system calls `subject`. One account for each, and one
-- subject for an account.
CREATE TABLE account_outside (
  tenant   TEXT NOT NULL,
  provider TEXT NOT NULL,
  subject  TEXT NOT NULL,
  account  TEXT NOT NULL,
  made_us  INTEGER NOT NULL,
  PRIMARY KEY (tenant, provider, subject),
  FOREIGN KEY (tenant, account) REFERENCES account (tenant, id)
) STRICT;
CREATE UNIQUE INDEX account_outside_account ON account_outside (tenant, account, provider);
-- provider and subject of a session that began so; empty: it began with a password.
ALTER TABLE session ADD COLUMN outside TEXT NOT NULL DEFAULT '';

-- A notice belongs to an account, by its login: names change. Until here it was 姓名（login）, as events call who acts. Logins in
-- small letters and figures first, all others by comparing.
UPDATE notice SET person = SUBSTR(person, LENGTH(RTRIM(SUBSTR(person, 1, LENGTH(person) - 1),
    'abcdefghijklmnopqrstuvwxyz0123456789.-_@')) + 1,
  LENGTH(person) - LENGTH(RTRIM(SUBSTR(person, 1, LENGTH(person) - 1), 'abcdefghijklmnopqrstuvwxyz0123456789.-_@')) - 1)
WHERE RTRIM(SUBSTR(person, 1, LENGTH(person) - 1), 'abcdefghijklmnopqrstuvwxyz0123456789.-_@') LIKE '%（'
  AND person LIKE '%）';
UPDATE notice SET person = (SELECT MIN(a.login) FROM account a
  WHERE a.tenant = notice.tenant AND notice.person = a.name || '（' || a.login || '）')
WHERE person LIKE '%（%）' AND EXISTS (SELECT 1 FROM account a
  WHERE a.tenant = notice.tenant AND notice.person = a.name || '（' || a.login || '）');
