-- Accounts and signing in. No secret stands here in the clear; that of the second factor is a cell (src/base/seal.h).

-- admin: system, security or audit, or empty; a person has at most one account, so at most one of the three.
-- state: new (made, not yet approved), open, closed. demo: made by the demo, opened by a click and only with --demo.
CREATE TABLE account (
  tenant      TEXT NOT NULL,
  id          TEXT NOT NULL,
  login       TEXT NOT NULL,
  name        TEXT NOT NULL,
  person      TEXT,
  admin       TEXT NOT NULL,
  hash        TEXT NOT NULL,
  state       TEXT NOT NULL,
  demo        INTEGER NOT NULL,
  must_change INTEGER NOT NULL,
  created_us  INTEGER NOT NULL,
  changed_us  INTEGER NOT NULL,
  PRIMARY KEY (tenant, id),
  FOREIGN KEY (tenant, person) REFERENCES person (tenant, id)
) STRICT;
CREATE UNIQUE INDEX account_login ON account (tenant, login);
CREATE UNIQUE INDEX account_person ON account (tenant, person);

-- hash: SM3 of the token in the browser's cookie. stage: second (password right, second factor still asked), open.
CREATE TABLE session (
  tenant     TEXT NOT NULL,
  id         TEXT NOT NULL,
  hash       TEXT NOT NULL,
  account    TEXT NOT NULL,
  stage      TEXT NOT NULL,
  address    TEXT NOT NULL,
  agent      TEXT NOT NULL,
  created_us INTEGER NOT NULL,
  seen_us    INTEGER NOT NULL,
  ended_us   INTEGER NOT NULL,
  PRIMARY KEY (tenant, id),
  FOREIGN KEY (tenant, account) REFERENCES account (tenant, id)
) STRICT;
CREATE UNIQUE INDEX session_hash ON session (tenant, hash);
CREATE INDEX session_account ON session (tenant, account, ended_us, seen_us);

-- One row a typed login or an address, whether the account exists or not; key is a hash of it.
CREATE TABLE sign_in_failure (
  tenant   TEXT NOT NULL,
  key      TEXT NOT NULL,
  failures INTEGER NOT NULL,
  last_us  INTEGER NOT NULL,
  until_us INTEGER NOT NULL,
  PRIMARY KEY (tenant, key)
) STRICT;
CREATE INDEX sign_in_failure_last ON sign_in_failure (tenant, last_us);

-- step: of the last code that was taken, so that none is taken twice.
CREATE TABLE second_factor (
  tenant     TEXT NOT NULL,
  account    TEXT NOT NULL,
  secret     BLOB NOT NULL,
  confirmed  INTEGER NOT NULL,
  step       INTEGER NOT NULL,
  created_us INTEGER NOT NULL,
  PRIMARY KEY (tenant, account),
  FOREIGN KEY (tenant, account) REFERENCES account (tenant, id)
) STRICT;
CREATE TABLE recovery_code (
  tenant  TEXT NOT NULL,
  account TEXT NOT NULL,
  hash    TEXT NOT NULL,
  used_us INTEGER NOT NULL,
  PRIMARY KEY (tenant, account, hash),
  FOREIGN KEY (tenant, account) REFERENCES account (tenant, id)
) STRICT;

-- For programs. scopes: words of "read", "act" or names of acts, a blank between.
CREATE TABLE api_token (
  tenant     TEXT NOT NULL,
  id         TEXT NOT NULL,
  hash       TEXT NOT NULL,
  account    TEXT NOT NULL,
  name       TEXT NOT NULL,
  scopes     TEXT NOT NULL,
  created_us INTEGER NOT NULL,
  expires_us INTEGER NOT NULL,
  used_us    INTEGER NOT NULL,
  ended_us   INTEGER NOT NULL,
  PRIMARY KEY (tenant, id),
  FOREIGN KEY (tenant, account) REFERENCES account (tenant, id)
) STRICT;
CREATE UNIQUE INDEX api_token_hash ON api_token (tenant, hash);
CREATE INDEX api_token_account ON api_token (tenant, account, created_us);
