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
