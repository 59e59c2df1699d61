-- Clocks behind their deadline, record by record: what lists ask for.
CREATE INDEX flow_clock_due ON flow_clock (tenant, record, phase, late, due_us, id);
