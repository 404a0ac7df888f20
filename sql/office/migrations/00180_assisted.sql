-- +goose Up
-- +goose StatementBegin
-- Proposals that somebody told a facilitator by phone, on paper or at a
-- workshop, or another service had, and the code by which their author claims
-- them.

CREATE TABLE assisted (
	proposal   bigint PRIMARY KEY REFERENCES proposal,
	by         bigint REFERENCES account, -- null: it came with an import
	by_name    text NOT NULL,
	consent    text CONSTRAINT assisted_consent CHECK (consent IN ('spoken', 'written')), -- null: not given yet
	given_on   date,
	code       bytea CONSTRAINT assisted_code UNIQUE CONSTRAINT assisted_code_size CHECK (octet_length(code) = 32), -- keyed hash of the last code; null: none
	digest     bytea CONSTRAINT assisted_digest UNIQUE CONSTRAINT assisted_digest_size CHECK (octet_length(digest) = 32), -- of the row that it was imported from
	claimed_by bigint REFERENCES account,
	claimed_at timestamptz,
	email      bigint CONSTRAINT assisted_email UNIQUE REFERENCES outbox ON DELETE SET NULL, -- that carries the last code, if the author gave an address
	CONSTRAINT assisted_consent_dated CHECK ((consent IS NULL) = (given_on IS NULL)),
	CONSTRAINT assisted_claimed CHECK ((claimed_by IS NULL) = (claimed_at IS NULL)),
	CONSTRAINT assisted_claimed_by_code CHECK (claimed_by IS NULL OR code IS NOT NULL),
	CONSTRAINT assisted_not_by_its_writer CHECK (claimed_by <> by)
);

CREATE INDEX proposal_assisted ON proposal (round, id) WHERE channel <> 'online' AND author IS NULL;

-- A claim is made once, and its code stays the one by which it was made.
CREATE FUNCTION refuse_second_claim() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	IF OLD.claimed_by IS NOT NULL THEN
		RAISE EXCEPTION 'a proposal is claimed once' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'assisted_claimed_once';
	END IF;
	RETURN NEW;
END $$;

CREATE TRIGGER assisted_claimed_once BEFORE UPDATE OF by, by_name, consent, given_on, code, claimed_by, claimed_at ON assisted FOR EACH ROW EXECUTE FUNCTION refuse_second_claim();

-- Nobody hands over without the author's consent what somebody else entered,
-- whoever asks.
CREATE FUNCTION refuse_without_consent() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	IF NEW.submitted_at IS NOT NULL AND NEW.channel NOT IN ('online', 'imported') AND NEW.author IS NULL
		AND NOT EXISTS (SELECT FROM assisted a WHERE a.proposal = NEW.id AND a.consent IS NOT NULL) THEN
		RAISE EXCEPTION 'the author has not consented' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'proposal_consent';
	END IF;
	RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER proposal_consent AFTER INSERT OR UPDATE OF submitted_at ON proposal DEFERRABLE INITIALLY DEFERRED
	FOR EACH ROW EXECUTE FUNCTION refuse_without_consent();

-- The role may change nobody's authorship. An assisted proposal has no author
-- until she claims it, and her name may still be mended: that much, by the
-- owner's hand.
CREATE FUNCTION name_author(of_proposal bigint, who bigint, called text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	UPDATE proposal SET author = who, author_name = called WHERE id = of_proposal AND author IS NULL AND channel <> 'online';
	IF NOT FOUND THEN
		RAISE EXCEPTION 'a proposal keeps its author' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'assisted_claimed_once';
	END IF;
END $$;

REVOKE ALL ON FUNCTION name_author FROM PUBLIC;

GRANT EXECUTE ON FUNCTION name_author TO osbu_office;

GRANT SELECT, INSERT ON assisted TO osbu_office;

GRANT UPDATE (consent, given_on, code, claimed_by, claimed_at, email) ON assisted TO osbu_office;
-- +goose StatementEnd
