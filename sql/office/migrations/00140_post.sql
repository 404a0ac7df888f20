-- +goose Up
-- +goose StatementBegin
-- E-mails: where they go, and those that wait. What is said to somebody is read
-- from the proposal when the e-mail is sent; here stand numbers only.

CREATE TABLE mailbox (
	account   bigint PRIMARY KEY REFERENCES account,
	address   bytea, -- sealed under OSBU_SEAL_ADDRESSES; null: none
	confirmed boolean NOT NULL DEFAULT false,
	language  text NOT NULL CONSTRAINT mailbox_language CHECK (language IN ('fi', 'sv', 'en')),
	muted     text[] NOT NULL DEFAULT '{}' CONSTRAINT mailbox_muted CHECK (muted <@ ARRAY['questions', 'decisions', 'progress', 'followed', 'events', 'work', 'comments', 'reminders']),
	at_once   boolean NOT NULL DEFAULT false, -- e-mails about work in office; otherwise once a day
	-- Comments on her proposals up to then are told. At first the day and no more:
	-- nobody reads from it when she asked for e-mails.
	comments_told timestamptz NOT NULL DEFAULT date_trunc('day', osbu_now(), 'UTC'),
	CONSTRAINT mailbox_confirmed CHECK (address IS NOT NULL OR NOT confirmed)
);

-- An e-mail is written in the transaction of the step that it tells of.
-- Claiming one makes it due again later, so that it is tried again unless it is
-- settled: due is both the date of the next try and the lease of the present
-- one.
CREATE TABLE outbox (
	id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	account      bigint REFERENCES account, -- null: somebody who has no mailbox here
	notification text NOT NULL CONSTRAINT outbox_notification CHECK (notification ~ '^[a-z_]{1,40}$'), -- which there are is the domain's to say
	kind         text NOT NULL CONSTRAINT outbox_kind CHECK (kind IN ('questions', 'decisions', 'progress', 'followed', 'events', 'work', 'comments', 'reminders', '')),
	proposal     bigint CONSTRAINT outbox_proposal REFERENCES proposal,
	version      int,
	written_at   timestamptz NOT NULL DEFAULT osbu_now(),
	due          timestamptz NOT NULL DEFAULT osbu_now(),
	tries        int NOT NULL DEFAULT 0,
	settled_at   timestamptz,
	outcome      text CONSTRAINT outbox_outcome CHECK (outcome IN ('sent', 'unwanted', 'refused', 'given_up')),
	-- To somebody who has no mailbox here: address and secret are sealed, and
	-- go when the e-mail is settled.
	address      bytea,
	language     text CONSTRAINT outbox_language CHECK (language IN ('fi', 'sv', 'en')),
	secret       bytea, -- what its link carries
	-- About an event, to those who signed up. Step tells e-mails of one
	-- notification apart: the event's version, or the seat that became free.
	event        bigint REFERENCES event,
	step         bigint,
	round        text REFERENCES round ON DELETE CASCADE, -- of a reminder, or of what a second official confirms
	since        timestamptz, -- of comments: the first that are told are later
	away         bigint CONSTRAINT outbox_away REFERENCES account, -- whose work it tells a stand-in of
	CONSTRAINT outbox_stand_in CHECK (away IS NULL OR notification = 'desk' AND account IS NOT NULL),
	CONSTRAINT outbox_once UNIQUE (account, proposal, version, notification), -- nobody is told twice of one step
	CONSTRAINT outbox_step FOREIGN KEY (proposal, version) REFERENCES proposal_version,
	CONSTRAINT outbox_event_once UNIQUE (account, event, notification, step),
	CONSTRAINT outbox_event CHECK ((event IS NULL) = (step IS NULL) AND (event IS NULL) = (kind <> 'events')),
	CONSTRAINT outbox_subject CHECK ((version IS NULL OR proposal IS NOT NULL) AND (kind <> 'events' OR proposal IS NULL)
		AND (notification <> 'confirm' OR account IS NOT NULL AND proposal IS NULL AND kind = '')),
	CONSTRAINT outbox_round CHECK ((round IS NOT NULL) = (kind = 'reminders' OR notification IN ('second_step', 'second_codes'))),
	CONSTRAINT outbox_since CHECK ((since IS NOT NULL) = (kind = 'comments')),
	CONSTRAINT outbox_receiver CHECK (CASE WHEN account IS NULL THEN language IS NOT NULL AND (settled_at IS NULL) = (address IS NOT NULL)
		ELSE address IS NULL AND language IS NULL END),
	CONSTRAINT outbox_secret CHECK (secret IS NULL OR settled_at IS NULL),
	CONSTRAINT outbox_settled CHECK ((settled_at IS NULL) = (outcome IS NULL))
);

CREATE INDEX outbox_due ON outbox (due, id) WHERE settled_at IS NULL;

CREATE INDEX outbox_confirmations ON outbox (account, written_at) WHERE notification = 'confirm';

CREATE INDEX outbox_event ON outbox (event) WHERE event IS NOT NULL;

-- What a round says in its own words instead of a standard text.
CREATE TABLE letter (
	round        text NOT NULL REFERENCES round ON DELETE CASCADE,
	notification text NOT NULL CONSTRAINT letter_notification CHECK (notification ~ '^[a-z_]{1,40}$'),
	language     text NOT NULL CONSTRAINT letter_language CHECK (language IN ('fi', 'sv', 'en')),
	subject      text NOT NULL CONSTRAINT letter_subject CHECK (char_length(subject) BETWEEN 1 AND 150),
	body         text NOT NULL CONSTRAINT letter_body CHECK (char_length(body) BETWEEN 1 AND 5000),
	version      int NOT NULL CONSTRAINT letter_version CHECK (version > 0),
	PRIMARY KEY (round, notification, language)
);

GRANT SELECT, INSERT, DELETE, UPDATE (subject, body, version) ON letter TO osbu_office;

-- Whoever asked to be told that the vote begins, that it ends, or that its
-- results are out. A row goes when its e-mail is written. Neither says when
-- somebody asked nor whether she has voted; the office could not know how.
CREATE TABLE reminder (
	round   text NOT NULL REFERENCES round,
	account bigint NOT NULL REFERENCES account,
	of      text NOT NULL CONSTRAINT reminder_of CHECK (of IN ('begins', 'ends', 'results')),
	PRIMARY KEY (round, of, account)
);

CREATE INDEX reminder_account ON reminder (account);

CREATE INDEX outbox_settled ON outbox (settled_at) WHERE settled_at IS NOT NULL AND event IS NULL;

GRANT SELECT, INSERT ON mailbox, outbox TO osbu_office;

GRANT SELECT, INSERT, DELETE ON reminder TO osbu_office;

GRANT UPDATE (address, confirmed, language, muted, at_once, comments_told) ON mailbox TO osbu_office;

GRANT UPDATE (due, tries, settled_at, outcome, address, secret) ON outbox TO osbu_office;

-- A month after an event nobody needs to know any more who came: seats go, and
-- e-mails about it with them.
CREATE FUNCTION forget_seats() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
	gone bigint;
BEGIN
	WITH over AS (
		SELECT event FROM event_time GROUP BY event HAVING max(ends) < osbu_now() - interval '30 days'
	), emails AS (
		DELETE FROM outbox o USING over WHERE o.event = over.event
	), seats AS (
		DELETE FROM seat s USING over WHERE s.event = over.event RETURNING 1
	)
	SELECT count(*) INTO gone FROM seats;
	RETURN gone;
END $$;

-- A month after an e-mail came to its end nobody asks any more what became of
-- it. E-mails about events go with the seats (forget_seats), for till then they
-- keep anybody from being told twice. Of a step that is its proposal's last one
-- the e-mail's key stays (outbox_once), so that nobody is told of it again, but
-- not why it was written to whom. Once there is a later step, nothing can tell
-- of the earlier one.
CREATE FUNCTION forget_emails() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
	gone bigint;
BEGIN
	DELETE FROM outbox o WHERE o.settled_at < osbu_now() - interval '30 days' AND o.event IS NULL
		AND NOT EXISTS (SELECT FROM proposal p WHERE p.id = o.proposal AND p.version = o.version);
	GET DIAGNOSTICS gone = ROW_COUNT;
	UPDATE outbox SET kind = '', tries = 0 WHERE settled_at < osbu_now() - interval '30 days' AND event IS NULL AND kind <> '';
	RETURN gone;
END $$;

REVOKE ALL ON FUNCTION forget_seats(), forget_emails() FROM PUBLIC;

GRANT EXECUTE ON FUNCTION forget_seats(), forget_emails() TO osbu_office;
-- +goose StatementEnd
