-- Where a record of a package comes from in a plan: an item, and of it the whole (fact '') or one fact. What the words said when it was
-- handed out stays, whatever a later draft says. share: how much of the item it bears, in hundredths of a percent.
CREATE TABLE ledger_origin (
  tenant TEXT NOT NULL, record TEXT NOT NULL, id TEXT NOT NULL, plan TEXT NOT NULL, item TEXT NOT NULL, fact TEXT NOT NULL,
  draft INTEGER NOT NULL, digest TEXT NOT NULL, path TEXT NOT NULL, title TEXT NOT NULL, words TEXT NOT NULL, share INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (tenant, record, id, plan, item, fact)) STRICT;
CREATE INDEX ledger_origin_plan ON ledger_origin (tenant, plan, item, fact);
-- Units by what they are also called.
CREATE INDEX unit_alias_called ON unit_alias (tenant, alias, unit);
