-- +goose Up
-- +goose StatementBegin
-- Who supports a proposal, and who wants to hear of it. A row is all there is:
-- no time, nothing of the person but her account; undone by deleting it.
CREATE TABLE support (
	proposal bigint NOT NULL REFERENCES proposal,
	account  bigint NOT NULL REFERENCES account,
	PRIMARY KEY (proposal, account)
);

CREATE TABLE follow (
	proposal bigint NOT NULL REFERENCES proposal,
	account  bigint NOT NULL REFERENCES account,
	PRIMARY KEY (proposal, account)
);

CREATE INDEX follow_account ON follow (account);

GRANT SELECT, INSERT, DELETE ON support, follow TO osbu_office;
-- +goose StatementEnd
