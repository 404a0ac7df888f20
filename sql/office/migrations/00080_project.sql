-- +goose Up
-- +goose StatementBegin
-- A proposal as it stands on the ballot. What voters read is a copy made at the
-- placement, so that nothing done to the proposal moves it.
CREATE TABLE project (
	round       text NOT NULL REFERENCES round,
	number      int NOT NULL CONSTRAINT project_number_range CHECK (number BETWEEN 1 AND 999999),
	proposal    bigint PRIMARY KEY REFERENCES proposal,
	area        text NOT NULL,
	theme       text,
	title       jsonb NOT NULL,
	description jsonb NOT NULL,
	place       jsonb NOT NULL,
	latitude    double precision,
	longitude   double precision,
	minimum     bigint NOT NULL,
	maximum     bigint NOT NULL,
	maintenance bigint NOT NULL,
	votes       int CONSTRAINT project_votes CHECK (votes >= 0), -- as the service told that held the round; null: counted here, or not told
	-- deferrable: numbering anew swaps numbers within one statement
	CONSTRAINT project_number UNIQUE (round, number) DEFERRABLE INITIALLY IMMEDIATE,
	CONSTRAINT project_area FOREIGN KEY (round, area) REFERENCES area,
	CONSTRAINT project_theme FOREIGN KEY (round, theme) REFERENCES theme,
	CONSTRAINT project_cost CHECK (0 <= minimum AND minimum <= maximum AND maximum > 0 AND 0 <= maintenance AND maintenance <= 9007199254740991 - maximum)
);

CREATE TRIGGER project_frozen BEFORE INSERT OR UPDATE OR DELETE ON project FOR EACH ROW EXECUTE FUNCTION refuse_after_freeze();

CREATE FUNCTION refuse_votes() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	IF NOT EXISTS (SELECT FROM round WHERE id = NEW.round AND source <> '') THEN
		RAISE EXCEPTION 'the votes of round % are counted here', NEW.round USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'project_votes_elsewhere';
	END IF;
	RETURN NEW;
END $$;

CREATE TRIGGER project_votes_elsewhere BEFORE INSERT ON project FOR EACH ROW WHEN (NEW.votes IS NOT NULL) EXECUTE FUNCTION refuse_votes();

-- Numbers change, and words are translated; projects do not change.
GRANT SELECT, INSERT, DELETE, UPDATE (number, title, description, place) ON project TO osbu_office;
-- +goose StatementEnd
