-- +goose Up
-- +goose StatementBegin
-- A step that an official asked another one to confirm.
CREATE TABLE asked_step (
	round   text PRIMARY KEY REFERENCES round ON DELETE CASCADE,
	step    text NOT NULL CONSTRAINT asked_step_step CHECK (step IN ('freeze', 'close', 'confirm', 'publish')),
	by      bigint NOT NULL REFERENCES account,
	by_name text NOT NULL,
	at      timestamptz NOT NULL,
	request bytea NOT NULL,
	begun   boolean NOT NULL -- confirmed; what cannot be undone may have been done
);

GRANT SELECT, INSERT, DELETE ON asked_step TO osbu_office;

-- What the freeze, the count and the publication leave. Nothing here is ever
-- changed or deleted by the server's role.

CREATE TABLE frozen (
	round    text PRIMARY KEY REFERENCES round,
	manifest bytea NOT NULL, -- the bytes the box signed
	lot      bytea NOT NULL, -- seed that breaks ties, sealed under OSBU_SEAL_OPENINGS
	opening  bytea           -- where the service keeps the key to sealed ballots: that, sealed under OSBU_SEAL_OPENINGS
);

-- What opening sealed ballots left: the key, which the record publishes, and
-- how many ballots are void.
CREATE TABLE opened (
	round text PRIMARY KEY REFERENCES frozen,
	key   bytea NOT NULL CONSTRAINT opened_key CHECK (octet_length(key) = 32),
	void  jsonb NOT NULL -- record.Voids
);

CREATE TABLE outcome (
	round   text NOT NULL,
	area    text NOT NULL,
	input   bytea NOT NULL, -- the area's .pb file
	ballots int NOT NULL,
	blank   int NOT NULL,
	sheets  int NOT NULL, -- of ballots, those on paper
	seed    text NOT NULL,  -- of the lot, hex
	rule    jsonb NOT NULL,
	result  json NOT NULL,  -- tally.Outcome as it was counted, its text untouched
	PRIMARY KEY (round, area),
	FOREIGN KEY (round, area) REFERENCES area,
	CONSTRAINT outcome_ballots CHECK (0 <= blank AND blank <= ballots AND 0 <= sheets AND sheets <= ballots)
);

-- What a publication makes is kept in pieces of one mebibyte, so that neither
-- making nor sending a large city's record needs room for all of it.
CREATE TABLE published (
	round  text NOT NULL REFERENCES round,
	part   text NOT NULL CONSTRAINT published_part CHECK (part IN ('record', 'withheld')),
	size   bigint NOT NULL,
	sha256 bytea NOT NULL CONSTRAINT published_sha256 CHECK (octet_length(sha256) = 32),
	PRIMARY KEY (round, part)
);

CREATE TABLE piece (
	round text NOT NULL,
	part  text NOT NULL,
	n     int NOT NULL CONSTRAINT piece_n CHECK (n >= 0),
	bytes bytea NOT NULL CONSTRAINT piece_bytes CHECK (octet_length(bytes) BETWEEN 1 AND 1048576),
	PRIMARY KEY (round, part, n),
	FOREIGN KEY (round, part) REFERENCES published DEFERRABLE INITIALLY DEFERRED
);

-- Of a round that another service held there is nothing to freeze, count or
-- publish here, and nobody may make it look as if there were.
CREATE FUNCTION refuse_count() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	IF EXISTS (SELECT FROM round WHERE id = NEW.round AND source <> '') THEN
		RAISE EXCEPTION 'round % was held elsewhere', NEW.round USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'round_held_elsewhere';
	END IF;
	RETURN NEW;
END $$;

CREATE TRIGGER frozen_held_here BEFORE INSERT ON frozen FOR EACH ROW EXECUTE FUNCTION refuse_count();

CREATE TRIGGER outcome_held_here BEFORE INSERT ON outcome FOR EACH ROW EXECUTE FUNCTION refuse_count();

CREATE TRIGGER published_held_here BEFORE INSERT ON published FOR EACH ROW EXECUTE FUNCTION refuse_count();

-- Signatures and salts: there is nothing to compress.
ALTER TABLE piece ALTER COLUMN bytes SET STORAGE EXTERNAL;

GRANT SELECT, INSERT ON frozen, opened, outcome, published, piece TO osbu_office;

-- How a vote's numbers stood on each day on which they were counted. They are
-- public; nothing in them is of a person.
CREATE TABLE numbers (
	round        text NOT NULL,
	day          date NOT NULL, -- in the city
	paper        text NOT NULL,
	at           timestamptz NOT NULL,
	rights       int NOT NULL,
	online       int NOT NULL,
	assisted     int NOT NULL,
	on_paper     int NOT NULL,
	replacements int NOT NULL,
	replaced     int NOT NULL,
	ballots      int NOT NULL,
	PRIMARY KEY (round, day, paper),
	FOREIGN KEY (round, paper) REFERENCES paper
);

GRANT SELECT, INSERT ON numbers TO osbu_office;
-- +goose StatementEnd
