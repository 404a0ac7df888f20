-- +goose Up
-- +goose StatementBegin
-- Whether a finished project was worth it, as residents say: once each, and
-- without a time, so that nobody can tell who said so when.
CREATE TABLE worth (
	proposal bigint NOT NULL REFERENCES project,
	account  bigint NOT NULL REFERENCES account,
	answer   text NOT NULL CONSTRAINT worth_answer CHECK (answer IN ('yes', 'partly', 'no')),
	PRIMARY KEY (proposal, account)
);

CREATE FUNCTION refuse_worth() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	PERFORM FROM delivery d JOIN round r ON r.id = d.round WHERE d.proposal = NEW.proposal AND d.site = 0
		AND r.phase = 'delivering' AND d.phase IN ('done', 'warranty') AND d.standing <> 'cancelled' FOR SHARE;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'nobody is asked about project of proposal % now', NEW.proposal USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'worth_of_done';
	END IF;
	RETURN NEW;
END $$;

CREATE TRIGGER worth_of_done BEFORE INSERT ON worth FOR EACH ROW EXECUTE FUNCTION refuse_worth();

GRANT SELECT, INSERT ON worth TO osbu_office;
-- +goose StatementEnd
