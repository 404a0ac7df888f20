-- Proposals with every version, and the projects on the ballot. From the freeze on the database itself refuses to change what the ballot says.

-- Parts of words are searched by their trigrams. A trusted extension of the distribution's server package: a database's owner may create it.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
--bun:split
CREATE TABLE proposal (
	id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	round            text NOT NULL REFERENCES round,
	state            text NOT NULL CONSTRAINT proposal_state CHECK (state IN ('draft', 'submitted', 'in_evaluation', 'needs_information',
		'accepted', 'rejected', 'withdrawn', 'on_ballot', 'selected', 'not_selected')),
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
	search           tsvector NOT NULL GENERATED ALWAYS AS
		(to_tsvector('finnish', words) || to_tsvector('swedish', words) || to_tsvector('simple', words)) STORED,
	CONSTRAINT proposal_area FOREIGN KEY (round, area) REFERENCES area,
	CONSTRAINT proposal_theme FOREIGN KEY (round, theme) REFERENCES theme,
	CONSTRAINT proposal_point CHECK ((latitude IS NULL) = (longitude IS NULL)),
	CONSTRAINT proposal_cost CHECK ((minimum IS NULL) = (maximum IS NULL) AND (minimum IS NULL) = (maintenance IS NULL)
		AND 0 <= minimum AND minimum <= maximum AND maximum > 0 AND 0 <= maintenance AND maintenance <= 9007199254740991 - maximum),
	CONSTRAINT proposal_complete CHECK (submitted_at IS NULL OR title <> '' AND what <> '' AND area IS NOT NULL),
	CONSTRAINT proposal_submitted CHECK (state IN ('draft', 'withdrawn') OR submitted_at IS NOT NULL),
	CONSTRAINT proposal_draft CHECK (state <> 'draft' OR submitted_at IS NULL),
	CONSTRAINT proposal_costed CHECK (state NOT IN ('accepted', 'on_ballot', 'selected', 'not_selected') OR minimum IS NOT NULL),
	CONSTRAINT proposal_reasoned CHECK ((state = 'rejected') = (reason <> '')
		AND (state <> 'rejected' OR coalesce(answer ->> 'fi', '') <> '' AND coalesce(answer ->> 'sv', '') <> ''))
);
--bun:split
CREATE INDEX proposal_public ON proposal (round, id) WHERE submitted_at IS NOT NULL;
--bun:split
CREATE INDEX proposal_area_public ON proposal (round, area, id) WHERE submitted_at IS NOT NULL;
--bun:split
CREATE INDEX proposal_queue ON proposal (round, id) WHERE state IN ('submitted', 'in_evaluation', 'needs_information');
--bun:split
CREATE INDEX proposal_author ON proposal (author);
--bun:split
CREATE INDEX proposal_search ON proposal USING gin (search) WITH (fastupdate = off);
--bun:split
CREATE INDEX proposal_words ON proposal USING gin (words gin_trgm_ops) WITH (fastupdate = off);
--bun:split
-- Every change: who, when, why, and the text as it then stood. Never changed, never deleted: the role may only add.
CREATE TABLE proposal_version (
	proposal  bigint NOT NULL REFERENCES proposal,
	version   int NOT NULL,
	at        timestamptz NOT NULL,
	by        bigint REFERENCES account, -- null: the city, when it publishes the result
	by_name   text NOT NULL,
	action    text NOT NULL CONSTRAINT proposal_version_action CHECK (action IN ('draft', 'edit', 'submit', 'withdraw', 'take', 'ask', 'reject',
		'accept', 'place', 'remove', 'import', 'publish')),
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
	PRIMARY KEY (proposal, version)
);
--bun:split
-- A proposal as it stands on the ballot. What voters read is a copy made at the placement, so that nothing done to the proposal moves it.
CREATE TABLE project (
	round       text NOT NULL REFERENCES round,
	number      int NOT NULL CONSTRAINT project_number_range CHECK (number BETWEEN 1 AND 999999),
	proposal    bigint PRIMARY KEY REFERENCES proposal,
	area        text NOT NULL,
	theme       text,
	title       jsonb NOT NULL,
	description jsonb NOT NULL,
	place       text NOT NULL,
	latitude    double precision,
	longitude   double precision,
	minimum     bigint NOT NULL,
	maximum     bigint NOT NULL,
	maintenance bigint NOT NULL,
	-- deferrable: numbering anew swaps numbers within one statement
	CONSTRAINT project_number UNIQUE (round, number) DEFERRABLE INITIALLY IMMEDIATE,
	CONSTRAINT project_area FOREIGN KEY (round, area) REFERENCES area,
	CONSTRAINT project_theme FOREIGN KEY (round, theme) REFERENCES theme,
	CONSTRAINT project_cost CHECK (0 <= minimum AND minimum <= maximum AND maximum > 0 AND 0 <= maintenance AND maintenance <= 9007199254740991 - maximum)
);
--bun:split
CREATE TRIGGER project_frozen BEFORE INSERT OR UPDATE OR DELETE ON project FOR EACH ROW EXECUTE FUNCTION refuse_after_freeze();
--bun:split
-- From the freeze on a proposal's text, cost and everything else stand still. Only a project's fate is still told: withdrawn, selected, not selected.
CREATE FUNCTION refuse_proposal_after_freeze() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	now_in text;
	changeable text[] := ARRAY['state', 'version', 'updated_at', 'words', 'search']; -- the last two are made from the text
BEGIN
	IF TG_OP = 'UPDATE' AND OLD.round <> NEW.round THEN
		RAISE EXCEPTION 'a row stays in its round' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'round_frozen';
	END IF;
	SELECT phase INTO now_in FROM round WHERE round.id = NEW.round FOR SHARE;
	IF now_in IN ('draft', 'proposing', 'vetting') THEN
		RETURN NEW;
	END IF;
	IF TG_OP = 'INSERT'
		OR to_jsonb(OLD) - changeable <> to_jsonb(NEW) - changeable
		OR OLD.state <> NEW.state AND NOT (OLD.state = 'on_ballot' AND NEW.state IN ('withdrawn', 'selected', 'not_selected')) THEN
		RAISE EXCEPTION 'round % is frozen', NEW.round USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'round_frozen';
	END IF;
	RETURN NEW;
END $$;
--bun:split
CREATE TRIGGER proposal_frozen BEFORE INSERT OR UPDATE ON proposal FOR EACH ROW EXECUTE FUNCTION refuse_proposal_after_freeze();
--bun:split
GRANT SELECT, INSERT, UPDATE ON proposal TO osbu_office;
--bun:split
GRANT SELECT, INSERT ON proposal_version TO osbu_office;
--bun:split
GRANT SELECT, INSERT, UPDATE, DELETE ON project TO osbu_office;
