-- What a paper says, from the act that makes it until it is printed for the first time; from then on the bytes stand for it. docx and pdf
-- are empty until then.
ALTER TABLE flow_paper ADD COLUMN said TEXT NOT NULL DEFAULT '';
