-- +goose Up
-- +goose StatementBegin
-- What people say of a proposal. Names are the accounts' own, so that one who
-- becomes protected is named nowhere any more.
CREATE TABLE comment (
	id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	proposal  bigint NOT NULL REFERENCES proposal,
	reply_to  bigint REFERENCES comment ON DELETE SET NULL, -- the first comment of its thread; null: begins one
	author    bigint NOT NULL REFERENCES account,
	staff     boolean NOT NULL, -- wrote in office
	text      text NOT NULL CONSTRAINT comment_text_size CHECK (char_length(text) BETWEEN 1 AND 2000),
	language  text NOT NULL CONSTRAINT comment_language CHECK (language IN ('fi', 'sv', 'en')),
	at        timestamptz NOT NULL,
	hidden    text CONSTRAINT comment_hidden CHECK (hidden IN ('offensive', 'personal_data', 'advertising', 'off_topic', 'other')), -- why; null: everybody sees it
	note      text NOT NULL DEFAULT '' CONSTRAINT comment_note_size CHECK (char_length(note) <= 500), -- to its author
	CONSTRAINT comment_noted CHECK (hidden IS NOT NULL OR note = '')
);

CREATE INDEX comment_thread ON comment (proposal, coalesce(reply_to, id), id);

CREATE INDEX comment_reply ON comment (reply_to) WHERE reply_to IS NOT NULL;

CREATE INDEX comment_author ON comment (author, at);

-- Whoever finds a comment improper, once. Settled: a moderator has looked and
-- kept it.
CREATE TABLE comment_report (
	comment bigint NOT NULL REFERENCES comment ON DELETE CASCADE,
	account bigint NOT NULL REFERENCES account,
	reason  text NOT NULL CONSTRAINT comment_report_reason CHECK (reason IN ('offensive', 'personal_data', 'advertising', 'off_topic', 'other')),
	settled boolean NOT NULL DEFAULT false,
	at      timestamptz NOT NULL DEFAULT osbu_now(),
	PRIMARY KEY (comment, account)
);

CREATE INDEX comment_report_open ON comment_report (comment) WHERE NOT settled;

-- The same of proposals' own texts. A hidden proposal is in proposal.hidden.
CREATE TABLE proposal_report (
	proposal bigint NOT NULL REFERENCES proposal,
	account  bigint NOT NULL REFERENCES account,
	reason   text NOT NULL CONSTRAINT proposal_report_reason CHECK (reason IN ('offensive', 'personal_data', 'advertising', 'off_topic', 'other')),
	settled  boolean NOT NULL DEFAULT false,
	PRIMARY KEY (proposal, account)
);

CREATE INDEX proposal_report_open ON proposal_report (proposal) WHERE NOT settled;

GRANT SELECT, INSERT, UPDATE (settled) ON proposal_report TO osbu_office;

GRANT SELECT, INSERT, DELETE, UPDATE (hidden, note) ON comment TO osbu_office;

GRANT SELECT, INSERT, UPDATE (settled) ON comment_report TO osbu_office;
-- +goose StatementEnd
