-- How a vote's numbers stood on each day on which they were counted. They are public; nothing in them is of a person.
CREATE TABLE numbers (
	round        text NOT NULL,
	day          date NOT NULL, -- in the town
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
--bun:split
GRANT SELECT, INSERT ON numbers TO osbu_office;
--bun:split
-- As before, and with the tables beside the rights, whose rows come in the same order. It is now also done every day while the vote is open. The locks are
-- taken in the order in which a credential's transaction comes to the tables. (recovery is made by a later migration.)
CREATE OR REPLACE FUNCTION shuffle_rights() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
	name text;
BEGIN
	LOCK TABLE spent_right, replacement, recovery IN ACCESS EXCLUSIVE MODE;
	FOREACH name IN ARRAY ARRAY['spent_right', 'replacement', 'recovery'] LOOP
		EXECUTE format('CREATE TEMPORARY TABLE shuffled ON COMMIT DROP AS SELECT * FROM %I', name);
		EXECUTE format('TRUNCATE %I', name);
		EXECUTE format('INSERT INTO %I SELECT * FROM shuffled ORDER BY gen_random_uuid()', name);
		DROP TABLE shuffled;
	END LOOP;
END $$;
