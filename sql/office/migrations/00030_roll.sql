-- +goose Up
-- +goose StatementBegin
-- The roll, spent rights, voting codes and issuer keys. A person is a 32-byte
-- keyed hash; nothing here comes from a ballot or tells a time of day.

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

-- The lock between a credential being issued (shared) and an import that
-- changes its holder's entry (exclusive), held to the end of the transaction:
-- one for each of 256 parts of the roll.
CREATE FUNCTION entry_lock(round text, person bytea) RETURNS bigint LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, public, pg_temp AS $$ SELECT hashtextextended('osbu entry ' || round || ' ' || get_byte(person, 0), 0) $$;

-- A changed identity code: who signs in as ref is this person, whether on the
-- roll at the moment or not. It outlives the roll's entry, so that removing and
-- adding somebody never gives a second right.
CREATE TABLE roll_alias (
	round  text NOT NULL REFERENCES round,
	ref    bytea NOT NULL CONSTRAINT roll_alias_ref CHECK (octet_length(ref) = 32),
	person bytea NOT NULL CONSTRAINT roll_alias_person CHECK (octet_length(person) = 32),
	PRIMARY KEY (round, ref),
	CONSTRAINT roll_alias_other CHECK (ref <> person)
);

CREATE INDEX roll_alias_person_index ON roll_alias (round, person);

-- Voting codes that were made together: for whom or where, so that those that
-- are lost or left over can be voided. Of a void batch no code that is not used
-- can be, for good.
CREATE TABLE code_batch (
	round  text NOT NULL REFERENCES round,
	number int NOT NULL,
	label  text NOT NULL CONSTRAINT code_batch_label_said CHECK (label <> ''),
	place  text NOT NULL, -- where they are handed out; empty: not said
	day    date NOT NULL,
	voided date, -- null: good
	PRIMARY KEY (round, number),
	CONSTRAINT code_batch_label UNIQUE (round, label)
);

-- A batch that an official asked another one to make.
CREATE TABLE asked_codes (
	round   text PRIMARY KEY REFERENCES round ON DELETE CASCADE,
	label   text NOT NULL,
	place   text NOT NULL,
	count   int NOT NULL,
	by      bigint NOT NULL REFERENCES account,
	by_name text NOT NULL,
	at      timestamptz NOT NULL
);

GRANT SELECT, INSERT, DELETE ON asked_codes TO osbu_office;

-- Where the settings want four eyes nobody makes codes alone.
CREATE FUNCTION second_makes_codes() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	IF (SELECT four_eyes FROM round WHERE id = NEW.round) AND NOT EXISTS (SELECT FROM asked_codes WHERE round = NEW.round) THEN
		RAISE EXCEPTION 'a second official makes the codes of round %', NEW.round USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'code_batch_four_eyes';
	END IF;
	RETURN NEW;
END $$;

CREATE TRIGGER code_batch_four_eyes BEFORE INSERT ON code_batch FOR EACH ROW EXECUTE FUNCTION second_makes_codes();

-- A voting code is its own right-holder; only its keyed hash is kept. It is
-- used when a right is spent under it.
CREATE TABLE voting_code (
	round  text NOT NULL REFERENCES round,
	person bytea NOT NULL CONSTRAINT voting_code_person CHECK (octet_length(person) = 32),
	paper  text, -- null: all; one that is given as a replacement is for one paper, and is no right of its own
	batch  int, -- null: given as a replacement
	PRIMARY KEY (round, person),
	CONSTRAINT voting_code_paper FOREIGN KEY (round, paper) REFERENCES paper,
	CONSTRAINT voting_code_batch FOREIGN KEY (round, batch) REFERENCES code_batch,
	CONSTRAINT voting_code_purpose CHECK ((paper IS NULL) = (batch IS NOT NULL))
);

-- One person, one paper, one right, by whatever channel: the primary key says
-- so. No foreign key to the roll: who is removed from it has voted
-- nevertheless.
CREATE TABLE spent_right (
	round           text NOT NULL,
	paper           text NOT NULL,
	person          bytea NOT NULL CONSTRAINT spent_right_person CHECK (octet_length(person) = 32),
	channel         text NOT NULL CONSTRAINT spent_right_channel CHECK (channel IN ('online', 'assisted', 'paper', 'replacement')),
	day             date NOT NULL,
	request_hash    bytea CONSTRAINT spent_right_request CHECK (octet_length(request_hash) = 32),
	blind_signature bytea CONSTRAINT spent_right_signature CHECK (octet_length(blind_signature) = 256),
	place           bigint, -- the voting place at which a person's own right was spent by an officer's help (00250); null: at none
	-- The person before the paper: what somebody has spent is asked for before
	-- every credential, for all papers at once.
	PRIMARY KEY (round, person, paper),
	FOREIGN KEY (round, paper) REFERENCES paper,
	CONSTRAINT spent_right_place CHECK (place IS NULL OR channel IN ('assisted', 'paper')),
	CONSTRAINT spent_right_answer CHECK ((channel = 'paper') = (request_hash IS NULL) AND (channel = 'paper') = (blind_signature IS NULL))
);

-- Whoever spends a right holds the round's share lock, and so does this; who
-- voids a batch waits for it. Rights that shuffle_rights puts back, as the
-- tables' owner, were spent before.
CREATE FUNCTION refuse_void_code() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	PERFORM FROM round WHERE id = NEW.round FOR SHARE;
	IF EXISTS (SELECT FROM voting_code c JOIN code_batch b ON b.round = c.round AND b.number = c.batch
			WHERE c.round = NEW.round AND c.person = NEW.person AND b.voided IS NOT NULL) THEN
		RAISE EXCEPTION 'this voting code is void' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'spent_right_void_code';
	END IF;
	RETURN NEW;
END $$;

CREATE TRIGGER spent_right_void_code BEFORE INSERT ON spent_right FOR EACH ROW
	WHEN (NEW.channel <> 'online' AND current_user = 'osbu_office') EXECUTE FUNCTION refuse_void_code();

CREATE FUNCTION void_batch_once() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	IF OLD.voided IS NOT NULL THEN
		RAISE EXCEPTION 'batch % is void already', OLD.number USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'code_batch_void';
	END IF;
	PERFORM FROM round WHERE id = NEW.round FOR UPDATE;
	RETURN NEW;
END $$;

CREATE TRIGGER code_batch_void BEFORE UPDATE ON code_batch FOR EACH ROW EXECUTE FUNCTION void_batch_once();

CREATE TABLE issuer (
	round  text NOT NULL,
	paper  text NOT NULL,
	public bytea NOT NULL, -- PKIX, DER
	sealed bytea NOT NULL, -- PKCS #8, DER, under OSBU_SEAL_ISSUERS and the round's key
	PRIMARY KEY (round, paper),
	FOREIGN KEY (round, paper) REFERENCES paper
);

GRANT SELECT, INSERT, DELETE, UPDATE (born, municipality, area, protected) ON roll TO osbu_office;

-- A new reference leads to its person for ever.
GRANT SELECT, INSERT, UPDATE (person) ON roll_alias TO osbu_office;

GRANT SELECT, INSERT ON code_batch, voting_code, spent_right, issuer TO osbu_office;

GRANT UPDATE (voided) ON code_batch TO osbu_office;

-- Destroys a round's issuer keys. A deleted row would lie in the table's file
-- until a vacuum, so the table is written anew without it. Never for a round
-- whose vote may still go on: without its keys nobody could vote any more.
CREATE FUNCTION destroy_issuers(gone text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
	kept issuer[];
BEGIN
	IF (SELECT phase FROM round WHERE id = gone) IN ('draft', 'proposing', 'vetting', 'frozen', 'voting') THEN
		RAISE EXCEPTION 'the vote of round % is not closed', gone USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'issuer_needed';
	END IF;
	LOCK TABLE issuer IN ACCESS EXCLUSIVE MODE;
	kept := ARRAY(SELECT i FROM issuer i WHERE i.round <> gone);
	TRUNCATE issuer;
	INSERT INTO issuer SELECT k.* FROM unnest(kept) AS k;
END $$;

REVOKE EXECUTE ON FUNCTION destroy_issuers(text) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION destroy_issuers(text) TO osbu_office;

-- How many people may cast each of a round's papers: everybody on the roll who
-- is of the municipality and old enough before the vote closes by the city's
-- calendar, which the server names (domain/roll/eligibility.go says the same of
-- one person). A voting code is nobody until it is used: who holds one may be
-- on the roll, or it may lie in a drawer.
CREATE FUNCTION count_people(of_round text, time_zone text) RETURNS bigint LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp AS $$
	SELECT (SELECT count(*) FROM roll e WHERE e.round = r.id
			AND (cardinality(r.municipalities) = 0 OR e.municipality = ANY (r.municipalities))
			AND CASE r.moment
				WHEN 'voting' THEN e.born + make_interval(years => r.age) <= r.last
				ELSE extract(year FROM e.born) + r.age <= extract(year FROM r.first)
			END)
	FROM (SELECT id, age, moment, municipalities, (voting_opens AT TIME ZONE time_zone)::date AS first,
			((voting_closes - interval '1 microsecond') AT TIME ZONE time_zone)::date AS last
		FROM round WHERE id = of_round) r
$$;

-- A roll's file that officials sent to the page, in parts that are sealed under
-- a key made from the pepper. Unlogged, so that neither the write-ahead log nor
-- a copy made from it holds them; after a crash of PostgreSQL they are gone,
-- and the file is sent anew. Of what has no file any more, numbers stay.
CREATE UNLOGGED TABLE roll_upload (
	round        text PRIMARY KEY REFERENCES round ON DELETE CASCADE,
	id           text NOT NULL,
	by           bigint NOT NULL REFERENCES account,
	by_name      text NOT NULL,
	size         bigint NOT NULL,
	read         bigint NOT NULL,
	state        text NOT NULL CONSTRAINT roll_upload_state CHECK (state IN ('receiving', 'checking', 'checked',
		'taking', 'taken', 'with_faults', 'refused', 'failed', 'interrupted')),
	at           timestamptz NOT NULL,
	lease        timestamptz, -- null: no server works on it
	taker        text NOT NULL,
	remove_up_to int NOT NULL,
	result       jsonb NOT NULL
);

CREATE UNLOGGED TABLE roll_upload_part (
	round  text NOT NULL REFERENCES roll_upload ON DELETE CASCADE,
	number int NOT NULL,
	bytes  int NOT NULL, -- before it was sealed
	sealed bytea NOT NULL,
	PRIMARY KEY (round, number)
);

ALTER TABLE roll_upload_part ALTER COLUMN sealed SET STORAGE EXTERNAL;

GRANT SELECT, INSERT, UPDATE, DELETE ON roll_upload, roll_upload_part TO osbu_office;

-- A roll on its way in: the file's rows, and whom a changed identity code leads
-- to. Temporary, so that each session sees its own rows only, that neither the
-- write-ahead log nor a backup holds them, and that nothing lies about when the
-- import has ended: dead rows would tell the order of the file. The server's
-- role may make no temporary tables, so the owner makes these.
CREATE FUNCTION open_staged() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	PERFORM close_staged();
	CREATE TEMPORARY TABLE staged (
		line         int,
		ref          bytea,
		previous     bytea,
		person       bytea,
		born         date,
		municipality text,
		area         text,
		protected    boolean
	);
	CREATE TEMPORARY TABLE moved (
		line        int,
		ref         bytea,
		old         bytea,
		new         bytea,
		kept        bytea,
		gone        bytea,
		voted_twice boolean NOT NULL DEFAULT false
	);
	GRANT SELECT, INSERT, UPDATE (person) ON pg_temp.staged TO osbu_office;
	GRANT SELECT, INSERT, UPDATE (kept, gone, voted_twice) ON pg_temp.moved TO osbu_office;
END $$;

-- Whoever plans over the rows of an import has to know how many they are.
CREATE FUNCTION analyze_staged() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	ANALYZE pg_temp.staged;
END $$;

-- Forgets what this session staged; PostgreSQL does so for sessions that end.
CREATE FUNCTION close_staged() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET client_min_messages = warning AS $$
BEGIN
	DROP TABLE IF EXISTS pg_temp.staged, pg_temp.moved;
END $$;

REVOKE EXECUTE ON FUNCTION open_staged(), analyze_staged(), close_staged() FROM PUBLIC;

GRANT EXECUTE ON FUNCTION open_staged(), analyze_staged(), close_staged() TO osbu_office;
-- +goose StatementEnd
