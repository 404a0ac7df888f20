-- +goose Up
-- +goose StatementBegin
-- Proposals with every version. A question has a deadline; a rejection can be
-- answered once, and another person then decides; a decision's public text
-- stays in the history. From the freeze on the database itself refuses to
-- change what a proposal says.

CREATE TABLE proposal (
	id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	round            text NOT NULL REFERENCES round,
	state            text NOT NULL CONSTRAINT proposal_state CHECK (state IN ('draft', 'submitted', 'in_evaluation', 'needs_information',
		'accepted', 'rejected', 'appealed', 'withdrawn', 'merged', 'split', 'on_ballot', 'selected', 'not_selected')),
	version          int NOT NULL CONSTRAINT proposal_version_counts CHECK (version >= 1),
	author           bigint REFERENCES account, -- null: the city
	author_name      text NOT NULL,             -- as shown when it was drafted
	facilitator      bigint REFERENCES account,
	facilitator_name text NOT NULL,
	title            text NOT NULL CONSTRAINT proposal_title_size CHECK (char_length(title) <= 300),
	what             text NOT NULL CONSTRAINT proposal_what_size CHECK (char_length(what) <= 5000),
	why              text NOT NULL CONSTRAINT proposal_why_size CHECK (char_length(why) <= 5000),
	place            text NOT NULL CONSTRAINT proposal_place_size CHECK (char_length(place) <= 500),
	area             text,
	theme            text,
	latitude         double precision CONSTRAINT proposal_latitude CHECK (latitude BETWEEN -90 AND 90),
	longitude        double precision CONSTRAINT proposal_longitude CHECK (longitude BETWEEN -180 AND 180),
	language         text NOT NULL CONSTRAINT proposal_language CHECK (language IN ('fi', 'sv', 'en')),
	question         text NOT NULL,
	reason           text NOT NULL, -- of a rejection, a code
	answer           jsonb,         -- public text of the decision
	minimum          bigint,        -- euro cents, with maximum and maintenance
	maximum          bigint,
	maintenance      bigint,
	submitted_at     timestamptz,   -- null: nobody but the author knows of it
	updated_at       timestamptz NOT NULL,
	words            text COLLATE "C" NOT NULL, -- title and what, case folded, for search
	answer_by        timestamptz,   -- of a question
	appeal           text NOT NULL DEFAULT '' CONSTRAINT proposal_appeal_size CHECK (char_length(appeal) <= 5000),
	rejected_by      bigint REFERENCES account,
	channel          text NOT NULL DEFAULT 'online' CONSTRAINT proposal_channel CHECK (channel IN ('online', 'phone', 'paper', 'workshop', 'imported')),
	division         text, -- that estimates it; null: it was sent to none
	estimate_by      timestamptz,
	estimation       text NOT NULL DEFAULT '' CONSTRAINT proposal_estimation CHECK (estimation IN ('', 'waiting', 'unpublished', 'given')),
	estimates        int NOT NULL DEFAULT 0,
	swedish          jsonb, -- title and text, where they are in both languages
	english          jsonb,
	translated       jsonb, -- languages that staff wrote, each with the version and the digest of its source
	hidden           text CONSTRAINT proposal_hidden CHECK (hidden IN ('offensive', 'personal_data', 'advertising', 'off_topic', 'other')), -- why; null: everybody reads it
	hidden_note      text NOT NULL DEFAULT '' CONSTRAINT proposal_hidden_note_size CHECK (char_length(hidden_note) <= 500), -- to its authors
	CONSTRAINT proposal_hidden_noted CHECK (hidden IS NOT NULL OR hidden_note = ''),
	CONSTRAINT proposal_hidden_off_ballot CHECK (hidden IS NULL OR state NOT IN ('on_ballot', 'selected', 'not_selected')),
	CONSTRAINT proposal_area FOREIGN KEY (round, area) REFERENCES area,
	CONSTRAINT proposal_theme FOREIGN KEY (round, theme) REFERENCES theme,
	CONSTRAINT proposal_point CHECK ((latitude IS NULL) = (longitude IS NULL)),
	CONSTRAINT proposal_cost CHECK ((minimum IS NULL) = (maximum IS NULL) AND (minimum IS NULL) = (maintenance IS NULL)
		AND 0 <= minimum AND minimum <= maximum AND maximum > 0 AND 0 <= maintenance AND maintenance <= 9007199254740991 - maximum),
	CONSTRAINT proposal_complete CHECK (submitted_at IS NULL OR title <> '' AND what <> '' AND area IS NOT NULL),
	CONSTRAINT proposal_submitted CHECK (state IN ('draft', 'withdrawn') OR submitted_at IS NOT NULL),
	CONSTRAINT proposal_draft CHECK (state <> 'draft' OR submitted_at IS NULL),
	CONSTRAINT proposal_costed CHECK (state NOT IN ('accepted', 'on_ballot', 'selected', 'not_selected') OR minimum IS NOT NULL),
	CONSTRAINT proposal_reasoned CHECK (state = 'withdrawn' OR (state IN ('rejected', 'appealed')) = (reason <> '')
		AND (state NOT IN ('rejected', 'appealed') OR coalesce(answer ->> 'fi', '') <> '' AND coalesce(answer ->> 'sv', '') <> '')),
	CONSTRAINT proposal_deadline CHECK (answer_by IS NULL OR state = 'needs_information' OR state = 'withdrawn'),
	CONSTRAINT proposal_appealed CHECK (state <> 'appealed' OR appeal <> ''),
	CONSTRAINT proposal_appeal_of_rejection CHECK (appeal = '' OR rejected_by IS NOT NULL),
	CONSTRAINT proposal_another_decides CHECK (appeal = '' OR state NOT IN ('accepted', 'rejected') OR facilitator <> rejected_by),
	CONSTRAINT proposal_division CHECK ((division IS NULL) = (estimation = '') AND (division IS NULL) = (estimate_by IS NULL))
);

CREATE INDEX proposal_public ON proposal (round, id) WHERE submitted_at IS NOT NULL;

CREATE INDEX proposal_area_public ON proposal (round, area, id) WHERE submitted_at IS NOT NULL;

CREATE INDEX proposal_queue ON proposal (round, area, id) WHERE submitted_at IS NOT NULL AND state IN ('submitted', 'in_evaluation', 'needs_information', 'appealed');

CREATE INDEX proposal_author ON proposal (author);

CREATE INDEX proposal_division ON proposal (round, division, id) WHERE division IS NOT NULL;

-- Every change: who, when, why, and the text as it then stood. Never changed,
-- never deleted: the role may only add. But erase_person takes names off, and
-- drafts that nobody else saw.
CREATE TABLE proposal_version (
	proposal  bigint NOT NULL REFERENCES proposal,
	version   int NOT NULL,
	at        timestamptz NOT NULL,
	by        bigint REFERENCES account, -- null: the city, when it publishes the result
	by_name   text NOT NULL,
	action    text NOT NULL CONSTRAINT proposal_version_action CHECK (action ~ '^[a-z_]{1,40}$'), -- which there are is the domain's to say
	state     text NOT NULL,
	reason    text NOT NULL,
	title     text NOT NULL,
	what      text NOT NULL,
	why       text NOT NULL,
	place     text NOT NULL,
	area      text,
	theme     text,
	latitude  double precision,
	longitude double precision,
	language  text NOT NULL,
	answer    jsonb,
	swedish   jsonb,
	english   jsonb,
	PRIMARY KEY (proposal, version)
);

-- From the freeze on a proposal's text, cost and everything else stand still.
-- Only a project's outcome is still told: withdrawn, selected, not selected.
CREATE FUNCTION refuse_proposal_after_freeze() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
	now_in text;
	changeable text[] := ARRAY['state', 'version', 'updated_at', 'hidden', 'hidden_note', 'words', -- the last is made from the text
		'author_name']; -- which nobody but erase_person and name_author may write
BEGIN
	IF TG_OP = 'UPDATE' AND OLD.round <> NEW.round THEN
		RAISE EXCEPTION 'a row stays in its round' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'round_frozen';
	END IF;
	SELECT phase INTO now_in FROM round WHERE round.id = NEW.round FOR SHARE;
	IF now_in IN ('draft', 'proposing', 'vetting') THEN
		RETURN NEW;
	END IF;
	IF TG_OP = 'UPDATE' AND OLD.author IS NULL AND OLD.channel = 'imported' THEN
		changeable := array_append(changeable, 'author'); -- who claims it: name_author alone writes that
	END IF;
	IF TG_OP = 'INSERT'
		OR to_jsonb(OLD) - changeable <> to_jsonb(NEW) - changeable
		OR OLD.state <> NEW.state AND NOT (OLD.state = 'on_ballot' AND NEW.state IN ('withdrawn', 'selected', 'not_selected')) THEN
		RAISE EXCEPTION 'round % is frozen', NEW.round USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'round_frozen';
	END IF;
	RETURN NEW;
END $$;

CREATE TRIGGER proposal_frozen BEFORE INSERT OR UPDATE ON proposal FOR EACH ROW EXECUTE FUNCTION refuse_proposal_after_freeze();

-- An appeal is made once and stays as it is; so does, from then on, the name of
-- whoever rejected.
CREATE FUNCTION refuse_second_appeal() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	IF OLD.appeal <> '' AND (NEW.appeal <> OLD.appeal OR NEW.rejected_by IS DISTINCT FROM OLD.rejected_by) THEN
		RAISE EXCEPTION 'an appeal is made once' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'proposal_appeal_once';
	END IF;
	RETURN NEW;
END $$;

CREATE TRIGGER proposal_appeal_once BEFORE UPDATE ON proposal FOR EACH ROW EXECUTE FUNCTION refuse_second_appeal();

-- Not whose it is.
GRANT SELECT, INSERT, UPDATE (state, version, facilitator, facilitator_name, title, what, why, place, area, theme, latitude, longitude, language, question, reason, answer,
	minimum, maximum, maintenance, submitted_at, updated_at, words, answer_by, appeal, rejected_by, division, estimate_by, estimation, estimates, swedish, english, translated, hidden, hidden_note) ON proposal TO osbu_office;

GRANT SELECT, INSERT ON proposal_version TO osbu_office;
-- +goose StatementEnd
