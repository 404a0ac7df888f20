-- +goose Up
-- +goose StatementBegin
-- Rounds that another service held, and where the addresses that it gave them
-- lead here. Both are written once, with the round.
CREATE TABLE imported_round (
	round   text PRIMARY KEY REFERENCES round,
	source  text NOT NULL CONSTRAINT imported_round_once UNIQUE, -- its address there
	digest  bytea NOT NULL CONSTRAINT imported_round_digest CHECK (octet_length(digest) = 32), -- SHA-256 of what its export said
	at      timestamptz NOT NULL DEFAULT osbu_now()
);

CREATE TABLE redirect (
	old   text PRIMARY KEY CONSTRAINT redirect_old CHECK (old ~ '^/.'),
	new   text NOT NULL CONSTRAINT redirect_new CHECK (new ~ '^/rounds/'),
	round text NOT NULL REFERENCES imported_round
);

GRANT SELECT, INSERT ON imported_round, redirect TO osbu_office;
-- +goose StatementEnd
