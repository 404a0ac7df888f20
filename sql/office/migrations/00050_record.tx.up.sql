-- What the freeze, the count and the publication leave. Nothing here is ever changed or deleted by the server's role.

CREATE TABLE frozen (
	round    text PRIMARY KEY REFERENCES round,
	manifest bytea NOT NULL, -- the bytes the box signed
	lot      bytea NOT NULL  -- seed that breaks ties, sealed under the master key
);
--bun:split
CREATE TABLE outcome (
	round   text NOT NULL,
	area    text NOT NULL,
	input   bytea NOT NULL, -- the area's .pb file
	ballots int NOT NULL,
	blank   int NOT NULL,
	seed    text NOT NULL,  -- of the lot, hex
	rule    jsonb NOT NULL,
	result  json NOT NULL,  -- tally.Outcome as it was counted, its text untouched
	PRIMARY KEY (round, area),
	FOREIGN KEY (round, area) REFERENCES area,
	CONSTRAINT outcome_ballots CHECK (0 <= blank AND blank <= ballots)
);
--bun:split
CREATE TABLE record (
	round text PRIMARY KEY REFERENCES round,
	zip   bytea NOT NULL
);
--bun:split
GRANT SELECT, INSERT ON frozen, outcome, record TO osbu_office;
