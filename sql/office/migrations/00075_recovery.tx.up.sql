-- What a voter's browser leaves beside her spent right, encrypted under a code that only she has (domain/roll/recovery.go): of no use to whoever holds
-- the database. Written once and destroyed at the close, but a backup made before keeps it, and with the code it leads to the ballot.
CREATE TABLE recovery (
	round  text NOT NULL,
	paper  text NOT NULL,
	person bytea NOT NULL,
	sealed bytea NOT NULL CONSTRAINT recovery_size CHECK (octet_length(sealed) <= 1024),
	PRIMARY KEY (round, paper, person),
	FOREIGN KEY (round, paper) REFERENCES paper
);
--bun:split
-- A trigger and no foreign key, since shuffle_rights empties spent_right for a moment.
CREATE FUNCTION recovery_has_right() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF NOT EXISTS (SELECT FROM spent_right s WHERE s.round = NEW.round AND s.paper = NEW.paper AND s.person = NEW.person AND s.channel <> 'paper') THEN
		RAISE EXCEPTION 'no credential was issued for this right' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'recovery_has_right';
	END IF;
	RETURN NEW;
END $$;
--bun:split
CREATE TRIGGER recovery_has_right BEFORE INSERT ON recovery FOR EACH ROW EXECUTE FUNCTION recovery_has_right();
--bun:split
GRANT SELECT, INSERT ON recovery TO osbu_office;
--bun:split
-- Destroys a round's recoveries, as destroy_issuers its keys: a deleted row would lie in the table's file until a vacuum.
CREATE FUNCTION destroy_recoveries(gone text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
	IF (SELECT phase FROM round WHERE id = gone) IN ('draft', 'proposing', 'vetting', 'frozen', 'voting') THEN
		RAISE EXCEPTION 'the vote of round % is not closed', gone USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'recovery_needed';
	END IF;
	LOCK TABLE recovery IN ACCESS EXCLUSIVE MODE;
	CREATE TEMPORARY TABLE kept ON COMMIT DROP AS SELECT * FROM recovery WHERE round <> gone;
	TRUNCATE recovery;
	INSERT INTO recovery SELECT * FROM kept ORDER BY gen_random_uuid();
	DROP TABLE kept;
END $$;
--bun:split
REVOKE EXECUTE ON FUNCTION destroy_recoveries(text) FROM PUBLIC;
--bun:split
GRANT EXECUTE ON FUNCTION destroy_recoveries(text) TO osbu_office;
