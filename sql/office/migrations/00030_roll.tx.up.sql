-- The roll, spent rights, voting codes and issuer keys. A person is a 32-byte keyed hash; nothing here comes from a ballot or tells a time of day.

CREATE TABLE roll (
	round        text NOT NULL REFERENCES round,
	person       bytea NOT NULL CONSTRAINT roll_person CHECK (octet_length(person) = 32),
	born         date NOT NULL,
	municipality text NOT NULL CONSTRAINT roll_municipality CHECK (municipality ~ '^[0-9]{3}$'),
	area         text, -- null: no address, or a protected one
	protected    boolean NOT NULL,
	PRIMARY KEY (round, person),
	FOREIGN KEY (round, area) REFERENCES area,
	CONSTRAINT roll_protected_has_no_area CHECK (NOT protected OR area IS NULL)
);
--bun:split
-- A changed identity code: who signs in as ref is this person, whether on the roll at the moment or not. It outlives the roll's entry, so
-- that removing and adding somebody never gives a second right.
CREATE TABLE roll_alias (
	round  text NOT NULL REFERENCES round,
	ref    bytea NOT NULL CONSTRAINT roll_alias_ref CHECK (octet_length(ref) = 32),
	person bytea NOT NULL CONSTRAINT roll_alias_person CHECK (octet_length(person) = 32),
	PRIMARY KEY (round, ref),
	CONSTRAINT roll_alias_other CHECK (ref <> person)
);
--bun:split
CREATE INDEX roll_alias_person_index ON roll_alias (round, person);
--bun:split
-- A voting code is its own right-holder; only its keyed hash is kept. It is used when a right is spent under it.
CREATE TABLE voting_code (
	round  text NOT NULL REFERENCES round,
	person bytea NOT NULL CONSTRAINT voting_code_person CHECK (octet_length(person) = 32),
	PRIMARY KEY (round, person)
);
--bun:split
-- One person, one paper, one right, by whatever channel: the primary key says so. No foreign key to the roll: who is removed from it has voted
-- nevertheless.
CREATE TABLE spent_right (
	round           text NOT NULL,
	paper           text NOT NULL,
	person          bytea NOT NULL CONSTRAINT spent_right_person CHECK (octet_length(person) = 32),
	channel         text NOT NULL CONSTRAINT spent_right_channel CHECK (channel IN ('online', 'assisted', 'paper')),
	day             date NOT NULL,
	request_hash    bytea CONSTRAINT spent_right_request CHECK (octet_length(request_hash) = 32),
	blind_signature bytea CONSTRAINT spent_right_signature CHECK (octet_length(blind_signature) = 256),
	PRIMARY KEY (round, paper, person),
	FOREIGN KEY (round, paper) REFERENCES paper,
	CONSTRAINT spent_right_answer CHECK ((channel = 'paper') = (request_hash IS NULL) AND (channel = 'paper') = (blind_signature IS NULL))
);
--bun:split
CREATE TABLE issuer (
	round  text NOT NULL,
	paper  text NOT NULL,
	public bytea NOT NULL, -- PKIX, DER
	sealed bytea NOT NULL, -- PKCS #8, DER, under the master key
	PRIMARY KEY (round, paper),
	FOREIGN KEY (round, paper) REFERENCES paper
);
--bun:split
GRANT SELECT, INSERT, UPDATE, DELETE ON roll, roll_alias TO osbu_office;
--bun:split
GRANT SELECT, INSERT ON voting_code, spent_right, issuer TO osbu_office;
--bun:split
-- At the close the rights are written anew in random order by one transaction: neither a row's place nor its xmin (which CLUSTER and VACUUM FULL
-- would keep) then tells when it was spent. TRUNCATE gives the old file back when the transaction commits.
CREATE FUNCTION shuffle_rights() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
	LOCK TABLE spent_right IN ACCESS EXCLUSIVE MODE;
	CREATE TEMPORARY TABLE shuffled ON COMMIT DROP AS SELECT * FROM spent_right;
	TRUNCATE spent_right;
	INSERT INTO spent_right SELECT * FROM shuffled ORDER BY gen_random_uuid();
	DROP TABLE shuffled;
END $$;
--bun:split
-- Destroys a round's issuer keys. A deleted row would lie in the table's file until a vacuum, so the table is written anew without it.
CREATE FUNCTION destroy_issuers(gone text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
	LOCK TABLE issuer IN ACCESS EXCLUSIVE MODE;
	CREATE TEMPORARY TABLE kept ON COMMIT DROP AS SELECT * FROM issuer WHERE round <> gone;
	TRUNCATE issuer;
	INSERT INTO issuer SELECT * FROM kept;
	DROP TABLE kept;
END $$;
--bun:split
REVOKE EXECUTE ON FUNCTION shuffle_rights(), destroy_issuers(text) FROM PUBLIC;
--bun:split
GRANT EXECUTE ON FUNCTION shuffle_rights(), destroy_issuers(text) TO osbu_office;
