-- Invitations to join a proposal's authors. Of the token only the digest is kept, of the address only what is sealed, and that until it is over.
CREATE TABLE invitation (
	id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	proposal bigint NOT NULL REFERENCES proposal,
	by       bigint NOT NULL REFERENCES account,
	digest   bytea NOT NULL CONSTRAINT invitation_digest UNIQUE CONSTRAINT invitation_digest_size CHECK (octet_length(digest) = 32),
	address  bytea, -- sealed under the master key, for the one who invited
	letter   bigint NOT NULL CONSTRAINT invitation_letter UNIQUE REFERENCES outbox,
	at       timestamptz NOT NULL DEFAULT osbu_now(),
	until    timestamptz NOT NULL,
	outcome  text CONSTRAINT invitation_outcome CHECK (outcome IN ('accepted', 'declined', 'ended')),
	CONSTRAINT invitation_address_goes CHECK (outcome IS NULL OR address IS NULL)
);
--bun:split
CREATE INDEX invitation_proposal ON invitation (proposal) WHERE outcome IS NULL;
--bun:split
CREATE INDEX invitation_by ON invitation (by, at);
--bun:split
GRANT SELECT, INSERT, UPDATE (address, outcome) ON invitation TO osbu_office;
