-- +goose Up
-- +goose StatementBegin
-- How the rights of a round were used, in guarded tables (domain/statistics).
-- They are counted once, after the close, and stay when the roll goes.
CREATE TABLE turnout (
	round  text PRIMARY KEY REFERENCES round,
	at     timestamptz NOT NULL DEFAULT osbu_now(),
	papers jsonb NOT NULL
);

CREATE FUNCTION refuse_turnout() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	IF (SELECT phase FROM round WHERE id = NEW.round) IN ('draft', 'proposing', 'vetting', 'frozen', 'voting') THEN
		RAISE EXCEPTION 'the vote of round % is not closed', NEW.round USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'turnout_closed';
	END IF;
	RETURN NEW;
END $$;

CREATE TRIGGER turnout_closed BEFORE INSERT ON turnout FOR EACH ROW EXECUTE FUNCTION refuse_turnout();

GRANT SELECT, INSERT ON turnout TO osbu_office;
-- +goose StatementEnd
