-- +goose Up
-- +goose StatementBegin
-- What staff know and residents never see: who is a Stadiluotsi where, notes,
-- verdicts on the checklist, occasions of help.

-- As of the latest sign-in; somebody who is none any more is gone from here.
CREATE TABLE facilitator (
	account bigint PRIMARY KEY REFERENCES account,
	areas   text[] NOT NULL
);

CREATE TABLE desk (
	round     text PRIMARY KEY REFERENCES round ON DELETE CASCADE,
	checklist jsonb NOT NULL,
	templates jsonb NOT NULL,
	divisions jsonb -- null: the standard ones
);

CREATE TRIGGER desk_frozen BEFORE INSERT OR UPDATE OR DELETE ON desk FOR EACH ROW EXECUTE FUNCTION refuse_after_freeze();

-- Views of the queue that somebody kept, or that officials keep for all.
CREATE TABLE queue_filter (
	id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	round   text NOT NULL REFERENCES round ON DELETE CASCADE,
	account bigint REFERENCES account, -- null: the round's
	name    text NOT NULL CONSTRAINT queue_filter_name CHECK (char_length(name) BETWEEN 1 AND 60),
	query   text NOT NULL CONSTRAINT queue_filter_query CHECK (char_length(query) BETWEEN 1 AND 600), -- of the page's address
	CONSTRAINT queue_filter_once UNIQUE NULLS NOT DISTINCT (round, account, name)
);

CREATE INDEX queue_filter_account ON queue_filter (account);

GRANT SELECT, INSERT, DELETE, UPDATE (query) ON queue_filter TO osbu_office;

-- Never changed, never deleted: the role may only add.
CREATE TABLE note (
	id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	proposal bigint NOT NULL REFERENCES proposal,
	at       timestamptz NOT NULL DEFAULT osbu_now(),
	by       bigint NOT NULL REFERENCES account,
	by_name  text NOT NULL,
	text     text NOT NULL CONSTRAINT note_size CHECK (char_length(text) <= 2000),
	assigned boolean NOT NULL,
	to_whom  bigint REFERENCES account,
	to_name  text NOT NULL,
	division text NOT NULL DEFAULT '', -- to which the proposal was sent
	erased_by text NOT NULL DEFAULT '', -- the name of who erased the text
	CONSTRAINT note_erased CHECK (erased_by = '' OR text = ''),
	CONSTRAINT note_says_something CHECK (to_whom IS NULL OR assigned),
	CONSTRAINT note_says_anything CHECK (assigned OR division <> '' OR text <> '' OR erased_by <> '')
);

CREATE INDEX note_proposal ON note (proposal, id);

CREATE TABLE mark (
	proposal bigint NOT NULL REFERENCES proposal,
	item     text NOT NULL,
	verdict  text NOT NULL CONSTRAINT mark_verdict CHECK (verdict IN ('yes', 'no', 'unclear')),
	note     text NOT NULL CONSTRAINT mark_note_size CHECK (char_length(note) <= 300),
	by       bigint NOT NULL REFERENCES account,
	by_name  text NOT NULL,
	at       timestamptz NOT NULL,
	PRIMARY KEY (proposal, item)
);

-- How somebody was helped, never who: no name, no words.
CREATE TABLE contact (
	id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	round    text NOT NULL,
	area     text NOT NULL,
	proposal bigint REFERENCES proposal,
	at       timestamptz NOT NULL DEFAULT osbu_now(),
	by       bigint NOT NULL REFERENCES account,
	by_name  text NOT NULL,
	channel  text NOT NULL CONSTRAINT contact_channel CHECK (channel IN ('phone', 'email', 'chat', 'counter', 'event')),
	topic    text NOT NULL CONSTRAINT contact_topic CHECK (topic IN ('idea', 'writing', 'place', 'cost', 'decision', 'voting', 'other')),
	language text NOT NULL CONSTRAINT contact_language CHECK (language IN ('fi', 'sv', 'en', 'other')),
	minutes  int NOT NULL CONSTRAINT contact_minutes CHECK (minutes BETWEEN 1 AND 480),
	-- Who struck out a wrong entry, which then counts no more; empty: nobody.
	struck_by text NOT NULL DEFAULT '',
	CONSTRAINT contact_area FOREIGN KEY (round, area) REFERENCES area
);

CREATE INDEX contact_latest ON contact (round, id);

CREATE INDEX contact_proposal ON contact (proposal, id);

GRANT SELECT, INSERT, UPDATE, DELETE ON facilitator TO osbu_office;

GRANT SELECT, INSERT ON note, contact, desk, mark TO osbu_office;

GRANT UPDATE (checklist, templates, divisions) ON desk TO osbu_office;

GRANT UPDATE (verdict, note, by, by_name, at) ON mark TO osbu_office;

-- A contact is never rewritten, but it can be struck out, once.
GRANT UPDATE (struck_by) ON contact TO osbu_office;

CREATE FUNCTION keep_contact() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	IF NEW.struck_by = '' OR OLD.struck_by NOT IN ('', NEW.struck_by) THEN
		RAISE EXCEPTION 'a contact is struck out, by somebody, or stays' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'contact_kept';
	END IF;
	RETURN NEW;
END $$;

CREATE TRIGGER contact_kept BEFORE UPDATE ON contact FOR EACH ROW EXECUTE FUNCTION keep_contact();

-- A note is never rewritten, but its text can be erased.
GRANT UPDATE (text, erased_by) ON note TO osbu_office;

CREATE FUNCTION keep_note() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	IF NEW.text <> '' OR NEW.erased_by = '' OR OLD.erased_by NOT IN ('', NEW.erased_by) THEN
		RAISE EXCEPTION 'a note is erased, by somebody, or stays' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'note_kept';
	END IF;
	RETURN NEW;
END $$;

CREATE TRIGGER note_kept BEFORE UPDATE ON note FOR EACH ROW EXECUTE FUNCTION keep_note();
-- +goose StatementEnd
