-- What a publication makes is kept in pieces of one mebibyte, so that neither making nor sending a large city's record needs room for all of it. Nothing
-- here is ever changed or deleted by the server's role.
CREATE TABLE published (
	round  text NOT NULL REFERENCES round,
	part   text NOT NULL CONSTRAINT published_part CHECK (part IN ('record', 'withheld')),
	size   bigint NOT NULL,
	sha256 bytea NOT NULL CONSTRAINT published_sha256 CHECK (octet_length(sha256) = 32),
	PRIMARY KEY (round, part)
);
--bun:split
CREATE TABLE piece (
	round text NOT NULL,
	part  text NOT NULL,
	n     int NOT NULL CONSTRAINT piece_n CHECK (n >= 0),
	bytes bytea NOT NULL CONSTRAINT piece_bytes CHECK (octet_length(bytes) BETWEEN 1 AND 1048576),
	PRIMARY KEY (round, part, n),
	FOREIGN KEY (round, part) REFERENCES published DEFERRABLE INITIALLY DEFERRED
);
--bun:split
-- Signatures and salts: there is nothing to compress.
ALTER TABLE piece ALTER COLUMN bytes SET STORAGE EXTERNAL;
--bun:split
INSERT INTO published (round, part, size, sha256) SELECT round, 'record', octet_length(zip), sha256(zip) FROM record;
--bun:split
INSERT INTO piece (round, part, n, bytes)
	SELECT round, 'record', n, substring(zip FROM n * 1048576 + 1 FOR 1048576) FROM record, generate_series(0, (octet_length(zip) - 1) / 1048576) AS n;
--bun:split
DROP TABLE record;
--bun:split
GRANT SELECT, INSERT ON published, piece TO osbu_office;
--bun:split
-- How many ballots an area must have for its single ballots to be published. A round that is frozen has a manifest without that number: all are published.
ALTER TABLE round ADD COLUMN openings_from int NOT NULL DEFAULT 0 CONSTRAINT round_openings_from CHECK (openings_from >= 0);
--bun:split
ALTER TABLE round ALTER COLUMN openings_from DROP DEFAULT;
--bun:split
UPDATE round SET openings_from = 100 WHERE phase IN ('draft', 'proposing', 'vetting') AND NOT rehearsal;
--bun:split
GRANT UPDATE (openings_from) ON round TO osbu_office;
--bun:split
CREATE FUNCTION openings_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION 'round % is frozen', OLD.id USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'round_frozen';
END $$;
--bun:split
CREATE TRIGGER openings_stay BEFORE UPDATE ON round FOR EACH ROW
	WHEN (OLD.phase NOT IN ('draft', 'proposing', 'vetting') AND OLD.openings_from <> NEW.openings_from) EXECUTE FUNCTION openings_stay();
