-- Those under which others stand are looked up by their kind on each view of the people; without this the whole tree is read.
CREATE INDEX unit_kind ON unit (tenant, kind, place, id);
