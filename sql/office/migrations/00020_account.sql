-- +goose Up
-- +goose StatementBegin
-- People who have signed in, and their sessions. No identity code, no subject
-- of the provider, no address: only keyed hashes.

CREATE TABLE account (
	id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	key        bytea NOT NULL CONSTRAINT account_key UNIQUE CONSTRAINT account_key_size CHECK (octet_length(key) = 32),
	identified boolean NOT NULL, -- key is the person reference of the roll
	name       text NOT NULL CONSTRAINT account_name_size CHECK (char_length(name) <= 80),
	language   text NOT NULL CONSTRAINT account_language CHECK (language IN ('fi', 'sv', 'en'))
);

-- Roles, districts, divisions and postal code are what the provider said at
-- this sign-in, and go with the session.
CREATE TABLE session (
	token        bytea PRIMARY KEY CONSTRAINT session_token_size CHECK (octet_length(token) = 32), -- SHA-256 of the cookie's secret
	account      bigint NOT NULL REFERENCES account,
	roles        text[] NOT NULL CONSTRAINT session_roles CHECK (roles <@ ARRAY['resident', 'facilitator', 'expert', 'official']),
	areas        text[] NOT NULL,
	municipality text NOT NULL,
	postal_code  text NOT NULL,
	expires      timestamptz NOT NULL,
	ends         timestamptz NOT NULL,
	-- The provider's word of somebody's address, sealed. Who only votes leaves none behind.
	email          bytea,
	email_verified boolean NOT NULL DEFAULT false,
	divisions      text[] NOT NULL DEFAULT '{}', -- of an expert
	CONSTRAINT session_times CHECK (expires <= ends)
);

CREATE INDEX session_expires ON session (expires);

-- Not who somebody is, nor what a session may do.
GRANT SELECT, INSERT, UPDATE (name, language) ON account TO osbu_office;

GRANT SELECT, INSERT, DELETE, UPDATE (expires) ON session TO osbu_office;
-- +goose StatementEnd
