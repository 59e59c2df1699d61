-- People by when they were made known: the list of people in that order.
CREATE INDEX person_created ON person (tenant, created_us DESC, id DESC);
