-- +goose Up
-- +goose StatementBegin
-- Which personal data of which round were taken away, and how many rows there
-- were (domain/retention).
CREATE TABLE forgotten (
	round text NOT NULL REFERENCES round,
	data  text NOT NULL CONSTRAINT forgotten_data CHECK (data IN ('roll', 'rights', 'look_ups', 'keyers', 'enquiries', 'desk_notes')),
	day   date NOT NULL,
	n     bigint NOT NULL CONSTRAINT forgotten_n CHECK (n >= 0),
	PRIMARY KEY (round, data)
);

GRANT SELECT ON forgotten TO osbu_office;

-- When a round's result was published; null: not yet, or elsewhere.
CREATE FUNCTION published_at(of_round text) RETURNS timestamptz LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp AS $$
	SELECT max(at) FROM audit WHERE round = of_round AND action = 'publish'
$$;

-- Takes a round's data of a sort away, once, and gives how many rows there
-- were. What a vote was decided by is needed while the decision can be
-- appealed, and how many voted is counted from the roll and the rights: so
-- neither goes before that.
CREATE FUNCTION forget_data(of_round text, what text, time_zone text) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
	gone bigint := 0;
	more bigint;
BEGIN
	PERFORM FROM round WHERE id = of_round AND phase IN ('delivering', 'archived') FOR UPDATE;
	IF NOT FOUND OR published_at(of_round) IS NULL OR published_at(of_round) + interval '45 days' > osbu_now() THEN
		RAISE EXCEPTION 'the data of round % are still needed', of_round USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'forgotten_early';
	END IF;
	IF what IN ('roll', 'rights') AND NOT EXISTS (SELECT FROM turnout WHERE round = of_round) THEN
		RAISE EXCEPTION 'the turnout of round % is not kept yet', of_round USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'forgotten_turnout';
	END IF;
	IF EXISTS (SELECT FROM forgotten WHERE round = of_round AND data = what) THEN
		RETURN 0;
	END IF;
	CASE what
	WHEN 'roll' THEN
		DELETE FROM roll_alias WHERE round = of_round;
		DELETE FROM roll WHERE round = of_round;
		GET DIAGNOSTICS gone = ROW_COUNT;
	WHEN 'rights' THEN
		DELETE FROM recovery WHERE round = of_round;
		DELETE FROM replacement WHERE round = of_round;
		DELETE FROM kiosk_code WHERE round = of_round;
		DELETE FROM voting_code WHERE round = of_round;
		GET DIAGNOSTICS more = ROW_COUNT;
		DELETE FROM spent_right WHERE round = of_round;
		GET DIAGNOSTICS gone = ROW_COUNT;
		gone := gone + more;
	WHEN 'look_ups' THEN
		DELETE FROM desk_look_up WHERE round = of_round;
		GET DIAGNOSTICS more = ROW_COUNT;
		DELETE FROM look_up WHERE round = of_round;
		GET DIAGNOSTICS gone = ROW_COUNT;
		gone := gone + more;
	WHEN 'keyers' THEN
		DELETE FROM keyer WHERE round = of_round;
		GET DIAGNOSTICS gone = ROW_COUNT;
	WHEN 'enquiries' THEN
		DELETE FROM enquiry WHERE round = of_round;
		GET DIAGNOSTICS gone = ROW_COUNT;
	WHEN 'desk_notes' THEN
		UPDATE note SET text = '', erased_by = 'retention' FROM proposal p
		WHERE p.id = note.proposal AND p.round = of_round AND note.text <> '';
		GET DIAGNOSTICS gone = ROW_COUNT;
	END CASE;
	INSERT INTO forgotten (round, data, day, n) VALUES (of_round, what, (osbu_now() AT TIME ZONE time_zone)::date, gone);
	RETURN gone;
END $$;

REVOKE ALL ON FUNCTION forget_data(text, text, text), published_at(text) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION forget_data(text, text, text), published_at(text) TO osbu_office;
-- +goose StatementEnd
