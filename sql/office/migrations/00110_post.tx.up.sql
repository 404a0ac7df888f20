-- Letters: where they go, and those that wait. What is said to somebody is read from the proposal when the letter is carried; here stand numbers only.

-- The provider's word of somebody's address, sealed; it goes with the session. Who only votes leaves none behind.
ALTER TABLE session ADD COLUMN email bytea, ADD COLUMN email_verified boolean NOT NULL DEFAULT false;
--bun:split
CREATE TABLE mailbox (
	account   bigint PRIMARY KEY REFERENCES account,
	address   bytea, -- sealed under the master key; null: none
	confirmed boolean NOT NULL DEFAULT false,
	language  text NOT NULL CONSTRAINT mailbox_language CHECK (language IN ('fi', 'sv', 'en')),
	muted     text[] NOT NULL DEFAULT '{}' CONSTRAINT mailbox_muted CHECK (muted <@ ARRAY['questions', 'decisions', 'progress', 'followed']),
	CONSTRAINT mailbox_confirmed CHECK (address IS NOT NULL OR NOT confirmed)
);
--bun:split
-- A letter is written in the transaction of the step that it tells of. Claiming one makes it due again later, so that it is tried again unless it is
-- settled: due is both the date of the next try and the lease of the present one.
CREATE TABLE outbox (
	id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	account    bigint NOT NULL REFERENCES account,
	matter     text NOT NULL CONSTRAINT outbox_matter CHECK (matter IN ('submitted', 'replied', 'withdrawn', 'taken', 'asked', 'reminded', 'rejected',
		'appealed', 'accepted', 'placed', 'removed', 'selected', 'not_selected', 'confirm')),
	kind       text NOT NULL CONSTRAINT outbox_kind CHECK (kind IN ('questions', 'decisions', 'progress', 'followed', '')),
	proposal   bigint,
	version    int,
	written_at timestamptz NOT NULL DEFAULT osbu_now(),
	due        timestamptz NOT NULL DEFAULT osbu_now(),
	tries      int NOT NULL DEFAULT 0,
	settled_at timestamptz,
	outcome    text CONSTRAINT outbox_outcome CHECK (outcome IN ('sent', 'unwanted', 'refused', 'given_up')),
	CONSTRAINT outbox_once UNIQUE (account, proposal, version, matter), -- nobody is told twice of one step
	CONSTRAINT outbox_step FOREIGN KEY (proposal, version) REFERENCES proposal_version,
	CONSTRAINT outbox_subject CHECK ((matter = 'confirm') = (proposal IS NULL) AND (proposal IS NULL) = (version IS NULL) AND (matter = 'confirm') = (kind = '')),
	CONSTRAINT outbox_settled CHECK ((settled_at IS NULL) = (outcome IS NULL))
);
--bun:split
CREATE INDEX outbox_due ON outbox (due, id) WHERE settled_at IS NULL;
--bun:split
CREATE INDEX outbox_confirmations ON outbox (account, written_at) WHERE matter = 'confirm';
--bun:split
GRANT SELECT, INSERT ON mailbox, outbox TO osbu_office;
--bun:split
GRANT UPDATE (address, confirmed, language, muted) ON mailbox TO osbu_office;
--bun:split
GRANT UPDATE (due, tries, settled_at, outcome) ON outbox TO osbu_office;
