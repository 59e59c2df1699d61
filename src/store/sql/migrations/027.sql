-- From when on a notice calls its reader: the count on every page, the live one, and whatever goes out of the program. In the list it
-- stands at once. 0 = at once.
ALTER TABLE notice ADD COLUMN tell_us INTEGER NOT NULL DEFAULT 0;
