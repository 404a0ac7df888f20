-- +goose Up
-- +goose StatementBegin
-- People who did more than vote, and who is signed in. No identity code, no
-- subject of the provider, no address: only keyed hashes.

-- A number that tells nothing of who came before whom. Of 48 bits, which
-- JavaScript's numbers can hold.
CREATE FUNCTION random_id() RETURNS bigint LANGUAGE sql VOLATILE
SET search_path = pg_catalog, public, pg_temp AS $$ SELECT 1 + ('x' || right(gen_random_uuid()::text, 12))::bit(48)::bigint $$;

CREATE TABLE account (
	id         bigint PRIMARY KEY DEFAULT random_id() CONSTRAINT account_id CHECK (id > 0),
	key        bytea NOT NULL CONSTRAINT account_key UNIQUE CONSTRAINT account_key_size CHECK (octet_length(key) = 32),
	identified boolean NOT NULL, -- key is the person reference of the roll
	name       text NOT NULL CONSTRAINT account_name_size CHECK (char_length(name) <= 80),
	language   text NOT NULL CONSTRAINT account_language CHECK (language IN ('fi', 'sv', 'en'))
);

-- Who is signed in, what the provider said of her, and what she may do stand in
-- sealed, under a key that only her cookie has.
CREATE TABLE session (
	token   bytea PRIMARY KEY CONSTRAINT session_token_size CHECK (octet_length(token) = 32), -- SHA-256 of the cookie's secret
	account bigint REFERENCES account, -- null: she only reads and votes
	sealed  bytea NOT NULL,
	expires timestamptz NOT NULL,
	ends    timestamptz NOT NULL,
	-- The provider's word of an account's address, sealed.
	email          bytea,
	email_verified boolean NOT NULL DEFAULT false,
	CONSTRAINT session_times CHECK (expires <= ends),
	CONSTRAINT session_hours CHECK (account IS NOT NULL OR expires = date_trunc('hour', expires, 'UTC') AND ends = date_trunc('hour', ends, 'UTC')),
	CONSTRAINT session_email CHECK (email IS NULL OR account IS NOT NULL)
);

CREATE INDEX session_expires ON session (expires);

CREATE INDEX session_account ON session (account) WHERE account IS NOT NULL;

-- Not who somebody is, nor what a session may do.
GRANT SELECT, INSERT (key, identified, name, language), UPDATE (name, language) ON account TO osbu_office;

GRANT SELECT, INSERT, DELETE, UPDATE (account, email, email_verified, expires) ON session TO osbu_office;
-- +goose StatementEnd
