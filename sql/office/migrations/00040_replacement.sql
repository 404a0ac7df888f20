-- +goose Up
-- +goose StatementBegin
-- What is kept beside the rights: a credential that was lost and replaced, and
-- what recovers one. And the order of all three, which nobody may learn.

-- A right spent online whose credential was lost got one more, under a voting
-- code. The key says: once. No column tells which code it was, and no foreign
-- key leads to the right, whose table is emptied and written anew to hide its
-- order.
CREATE TABLE replacement (
	round  text NOT NULL,
	paper  text NOT NULL,
	person bytea NOT NULL,
	day    date NOT NULL,
	PRIMARY KEY (round, paper, person),
	FOREIGN KEY (round, paper) REFERENCES paper
);

GRANT SELECT, INSERT ON replacement TO osbu_office;

-- What a voter's browser leaves beside her spent right, encrypted under a code
-- that only she has (domain/roll/recovery.go): of no use to whoever holds the
-- database. Written once and destroyed at the close, but a backup made before
-- keeps it, and with the code it leads to the ballot.
CREATE TABLE recovery (
	round  text NOT NULL,
	paper  text NOT NULL,
	person bytea NOT NULL,
	sealed bytea NOT NULL CONSTRAINT recovery_size CHECK (octet_length(sealed) <= 1024),
	PRIMARY KEY (round, paper, person),
	FOREIGN KEY (round, paper) REFERENCES paper
);

-- A trigger and no foreign key, since shuffle_rights empties spent_right for a
-- moment.
CREATE FUNCTION recovery_has_right() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	IF NOT EXISTS (SELECT FROM spent_right s WHERE s.round = NEW.round AND s.paper = NEW.paper AND s.person = NEW.person AND s.channel <> 'paper') THEN
		RAISE EXCEPTION 'no credential was issued for this right' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'recovery_has_right';
	END IF;
	RETURN NEW;
END $$;

CREATE TRIGGER recovery_has_right BEFORE INSERT ON recovery FOR EACH ROW EXECUTE FUNCTION recovery_has_right();

GRANT SELECT, INSERT ON recovery TO osbu_office;

-- Destroys a round's recoveries, as destroy_issuers its keys: a deleted row
-- would lie in the table's file until a vacuum.
CREATE FUNCTION destroy_recoveries(gone text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	IF (SELECT phase FROM round WHERE id = gone) IN ('draft', 'proposing', 'vetting', 'frozen', 'voting') THEN
		RAISE EXCEPTION 'the vote of round % is not closed', gone USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'recovery_needed';
	END IF;
	LOCK TABLE recovery IN ACCESS EXCLUSIVE MODE;
	EXECUTE 'CREATE TEMPORARY TABLE kept ON COMMIT DROP AS SELECT * FROM public.recovery WHERE round <> $1' USING gone;
	TRUNCATE recovery;
	INSERT INTO recovery SELECT * FROM pg_temp.kept ORDER BY gen_random_uuid();
	DROP TABLE pg_temp.kept;
END $$;

-- Again and again while the vote is open (domain/roll/mix.go), and at the
-- close, the rights are written anew in random order by one transaction:
-- neither a row's place nor its xmin (which CLUSTER and VACUUM FULL would keep)
-- then tells when it was spent. TRUNCATE gives the old file back when the
-- transaction commits. The tables beside the rights go with them, for their
-- rows come in the same order. The locks are taken in the order in which a
-- credential's transaction comes to the tables. Whom officers and the help desk
-- looked up, and whom officers gave a code, is written anew with them; codes
-- that are over are left behind. What holds them meanwhile is temporary: the
-- write-ahead log never has it, and PostgreSQL removes its file when it starts
-- after a crash. (An unlogged table of a transaction that a crash ends keeps
-- PostgreSQL 15 from starting at all.)
CREATE FUNCTION shuffle_rights() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
	name text;
BEGIN
	LOCK TABLE kiosk_code, look_up, desk_look_up, spent_right, replacement, recovery IN ACCESS EXCLUSIVE MODE;
	DELETE FROM kiosk_code WHERE until <= osbu_now();
	FOREACH name IN ARRAY ARRAY['kiosk_code', 'look_up', 'desk_look_up', 'spent_right', 'replacement', 'recovery'] LOOP
		-- A file without a page has neither rows nor traces of any.
		CONTINUE WHEN pg_relation_size(format('public.%I', name)::regclass) = 0;
		EXECUTE format('CREATE TEMPORARY TABLE shuffled ON COMMIT DROP AS SELECT * FROM public.%I', name);
		EXECUTE format('TRUNCATE public.%I', name);
		EXECUTE format('INSERT INTO public.%I SELECT * FROM pg_temp.shuffled ORDER BY gen_random_uuid()', name);
		DROP TABLE pg_temp.shuffled;
	END LOOP;
	RETURN (SELECT count(*) FROM spent_right);
END $$;

REVOKE EXECUTE ON FUNCTION shuffle_rights(), destroy_recoveries(text) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION shuffle_rights(), destroy_recoveries(text) TO osbu_office;
-- +goose StatementEnd
