-- +goose Up
-- +goose StatementBegin
-- Images of proposals. Their bytes lie in the file store, under the same random
-- name that is their address.
CREATE TABLE image (
	id       text PRIMARY KEY CONSTRAINT image_id CHECK (id ~ '^[a-z2-7]{26}$'), -- 130 bits: not to be guessed
	proposal bigint NOT NULL REFERENCES proposal,
	place    int NOT NULL CONSTRAINT image_most CHECK (place BETWEEN 1 AND 5),
	alt      text NOT NULL CONSTRAINT image_alt_size CHECK (char_length(alt) <= 300), -- empty: its authors alone see it
	width    int NOT NULL,
	height   int NOT NULL,
	at       timestamptz NOT NULL DEFAULT osbu_now(),
	by       bigint REFERENCES account, -- null: it came with an import
	CONSTRAINT image_place UNIQUE (proposal, place) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT image_size CHECK (width BETWEEN 1 AND 2000 AND height BETWEEN 1 AND 2000)
);

-- From the freeze on nothing comes to what people choose from; a moderator may
-- still take something away.
CREATE FUNCTION refuse_image_after_freeze() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
	now_in text;
BEGIN
	SELECT r.phase INTO now_in FROM proposal p JOIN round r ON r.id = p.round WHERE p.id = NEW.proposal FOR SHARE OF r;
	IF now_in NOT IN ('draft', 'proposing', 'vetting') AND (TG_OP = 'INSERT' OR OLD.alt <> NEW.alt) THEN
		RAISE EXCEPTION 'the round is frozen' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'round_frozen';
	END IF;
	RETURN NEW;
END $$;

CREATE TRIGGER image_frozen BEFORE INSERT OR UPDATE ON image FOR EACH ROW EXECUTE FUNCTION refuse_image_after_freeze();

GRANT SELECT, INSERT, DELETE, UPDATE (place, alt) ON image TO osbu_office;
-- +goose StatementEnd
