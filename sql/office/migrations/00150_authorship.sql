-- +goose Up
-- +goose StatementBegin
-- Who wrote a proposal: whoever began it, and those who joined. This is the one
-- place that says so; proposal.author is the first of them, or nobody while a
-- proposal that was told to the city waits for its author.
CREATE TABLE author (
	proposal  bigint NOT NULL REFERENCES proposal,
	account   bigint NOT NULL REFERENCES account,
	joined_at timestamptz NOT NULL DEFAULT osbu_now(),
	PRIMARY KEY (proposal, account)
);

CREATE INDEX author_account ON author (account);

CREATE FUNCTION keep_first_author() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	INSERT INTO author (proposal, account) VALUES (NEW.id, NEW.author) ON CONFLICT DO NOTHING;
	RETURN NULL;
END $$;

CREATE TRIGGER proposal_first_author AFTER INSERT OR UPDATE OF author ON proposal FOR EACH ROW
	WHEN (NEW.author IS NOT NULL) EXECUTE FUNCTION keep_first_author();

GRANT SELECT, INSERT, DELETE ON author TO osbu_office;

-- Invitations to join a proposal's authors. Of the token only the digest is
-- kept, of the address only what is sealed, and that until it is over.
CREATE TABLE invitation (
	id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	proposal bigint NOT NULL REFERENCES proposal,
	by       bigint NOT NULL REFERENCES account,
	digest   bytea NOT NULL CONSTRAINT invitation_digest UNIQUE CONSTRAINT invitation_digest_size CHECK (octet_length(digest) = 32),
	address  bytea, -- sealed under OSBU_SEAL_ADDRESSES, for the one who invited
	email   bigint CONSTRAINT invitation_email UNIQUE REFERENCES outbox ON DELETE SET NULL,
	at       timestamptz NOT NULL DEFAULT osbu_now(),
	until    timestamptz NOT NULL,
	outcome  text CONSTRAINT invitation_outcome CHECK (outcome IN ('accepted', 'declined', 'ended')),
	CONSTRAINT invitation_address_goes CHECK (outcome IS NULL OR address IS NULL)
);

CREATE INDEX invitation_proposal ON invitation (proposal) WHERE outcome IS NULL;

CREATE INDEX invitation_by ON invitation (by, at);

GRANT SELECT, INSERT, UPDATE (address, outcome) ON invitation TO osbu_office;
-- +goose StatementEnd
