-- +goose Up
-- +goose StatementBegin
-- What people ask their Stadiluotsi while they write, with the answer.
CREATE TABLE enquiry (
	id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	round         text NOT NULL REFERENCES round,
	area          text,                       -- null: none is chosen yet, and any Stadiluotsi may answer
	proposal      bigint REFERENCES proposal, -- null: nothing is written yet
	by            bigint NOT NULL REFERENCES account,
	at            timestamptz NOT NULL DEFAULT osbu_now(),
	language      text NOT NULL CONSTRAINT enquiry_language CHECK (language IN ('fi', 'sv', 'en')),
	text          text NOT NULL CONSTRAINT enquiry_size CHECK (char_length(text) BETWEEN 1 AND 2000),
	answer        text NOT NULL DEFAULT '' CONSTRAINT enquiry_answer_size CHECK (char_length(answer) <= 2000),
	answered_by   bigint REFERENCES account,
	answered_at   timestamptz,
	email        bigint CONSTRAINT enquiry_email UNIQUE REFERENCES outbox ON DELETE SET NULL,
	CONSTRAINT enquiry_area FOREIGN KEY (round, area) REFERENCES area,
	CONSTRAINT enquiry_answered CHECK ((answer = '') = (answered_by IS NULL) AND (answer = '') = (answered_at IS NULL))
);

CREATE INDEX enquiry_open ON enquiry (round, id) WHERE answered_at IS NULL;

CREATE INDEX enquiry_answered ON enquiry (round, answered_at) WHERE answered_at IS NOT NULL;

CREATE INDEX enquiry_by ON enquiry (by, at);

-- An answer is given once, and stays as it was read.
CREATE FUNCTION refuse_second_answer() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	IF OLD.answer <> '' AND (NEW.answer, NEW.answered_by, NEW.answered_at) IS DISTINCT FROM (OLD.answer, OLD.answered_by, OLD.answered_at) THEN
		RAISE EXCEPTION 'an answer is given once' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'enquiry_answer_once';
	END IF;
	RETURN NEW;
END $$;

CREATE TRIGGER enquiry_answer_once BEFORE UPDATE ON enquiry FOR EACH ROW EXECUTE FUNCTION refuse_second_answer();

GRANT SELECT, INSERT, UPDATE (answer, answered_by, answered_at, email) ON enquiry TO osbu_office;
-- +goose StatementEnd
