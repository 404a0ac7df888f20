-- +goose Up
-- +goose StatementBegin
-- Events: what is on when and where, who has signed up, and what arrangers
-- noted.
CREATE TABLE event (
	id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	round        text NOT NULL REFERENCES round,
	state        text NOT NULL CONSTRAINT event_state CHECK (state IN ('draft', 'published', 'cancelled')),
	version      int NOT NULL CONSTRAINT event_version_counts CHECK (version >= 1),
	kind         text NOT NULL CONSTRAINT event_kind CHECK (kind IN ('workshop', 'evening', 'voting', 'other')),
	area         text, -- null: the whole city
	title        jsonb NOT NULL,
	about        jsonb NOT NULL,
	place        text NOT NULL CONSTRAINT event_place_size CHECK (char_length(place) <= 200),
	address      text NOT NULL CONSTRAINT event_address_size CHECK (char_length(address) <= 200),
	latitude     double precision CONSTRAINT event_latitude CHECK (latitude BETWEEN -90 AND 90),
	longitude    double precision CONSTRAINT event_longitude CHECK (longitude BETWEEN -180 AND 180),
	languages    text[] NOT NULL,
	access       text[] NOT NULL,
	access_note  jsonb NOT NULL,
	seats        int NOT NULL CONSTRAINT event_seats CHECK (seats BETWEEN 0 AND 5000), -- 0: one just comes
	last_time    int NOT NULL, -- the highest number that one of its times ever had
	reason       jsonb NOT NULL DEFAULT '{}', -- of a cancellation
	summary      jsonb NOT NULL DEFAULT '{}',
	created_at   timestamptz NOT NULL,
	updated_at   timestamptz NOT NULL,
	CONSTRAINT event_area FOREIGN KEY (round, area) REFERENCES area,
	CONSTRAINT event_point CHECK ((latitude IS NULL) = (longitude IS NULL)),
	CONSTRAINT event_complete CHECK (state = 'draft' OR coalesce(title ->> 'fi', '') <> '' AND coalesce(title ->> 'sv', '') <> '' AND place <> '' AND address <> ''),
	CONSTRAINT event_reasoned CHECK ((state = 'cancelled') = (coalesce(reason ->> 'fi', '') <> '' AND coalesce(reason ->> 'sv', '') <> ''))
);

CREATE INDEX event_round ON event (round, id);

CREATE TABLE event_time (
	event  bigint NOT NULL REFERENCES event ON DELETE CASCADE,
	number int NOT NULL, -- its own for ever: calendars know it by this
	begins timestamptz NOT NULL,
	ends   timestamptz NOT NULL,
	PRIMARY KEY (event, number),
	CONSTRAINT event_time_order CHECK (begins < ends)
);

CREATE INDEX event_time_ends ON event_time (ends);

CREATE INDEX event_time_begins ON event_time (begins);

-- Who has signed up, in the order in which they came, and who has come without
-- that: she has no account here, a name only if she gave one, and never waits.
-- Undone by deleting it.
CREATE TABLE seat (
	id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	event   bigint NOT NULL REFERENCES event ON DELETE CASCADE,
	account bigint REFERENCES account, -- null: a walk-in
	name    text NOT NULL DEFAULT '' CONSTRAINT seat_name CHECK (char_length(name) <= 100), -- a walk-in's
	waiting boolean NOT NULL,
	CONSTRAINT seat_once UNIQUE (event, account),
	CONSTRAINT seat_walk_in CHECK (CASE WHEN account IS NULL THEN NOT waiting ELSE name = '' END)
);

CREATE INDEX seat_order ON seat (event, waiting, id);

CREATE INDEX seat_account ON seat (account);

-- Whoever takes a seat holds the event, so that no two take the last one. Where
-- nobody signs up, as many can walk in as come.
CREATE FUNCTION refuse_seat_too_many() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
	there int;
BEGIN
	SELECT seats INTO there FROM event WHERE id = NEW.event FOR NO KEY UPDATE;
	IF NOT NEW.waiting AND (there > 0 OR NEW.account IS NOT NULL) AND (SELECT count(*) FROM seat WHERE event = NEW.event AND NOT waiting AND id <> NEW.id) >= there THEN
		RAISE EXCEPTION 'event % has no seat left', NEW.event USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'seat_left';
	END IF;
	RETURN NEW;
END $$;

CREATE TRIGGER seat_left BEFORE INSERT OR UPDATE ON seat FOR EACH ROW EXECUTE FUNCTION refuse_seat_too_many();

-- Public proposals that were made or spoken of there.
CREATE TABLE event_proposal (
	event    bigint NOT NULL REFERENCES event ON DELETE CASCADE,
	proposal bigint NOT NULL REFERENCES proposal,
	PRIMARY KEY (event, proposal)
);

CREATE INDEX event_proposal_proposal ON event_proposal (proposal);

-- Never changed, never deleted but with a draft: the role may only add.
CREATE TABLE event_note (
	id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	event    bigint NOT NULL REFERENCES event ON DELETE CASCADE,
	at       timestamptz NOT NULL DEFAULT osbu_now(),
	by       bigint NOT NULL REFERENCES account,
	by_name  text NOT NULL,
	text     text NOT NULL CONSTRAINT event_note_size CHECK (char_length(text) BETWEEN 1 AND 2000),
	proposal bigint REFERENCES proposal
);

CREATE INDEX event_note_event ON event_note (event, id);

-- What was announced is not taken back: only a draft can go.
CREATE FUNCTION keep_announced_event() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	IF OLD.state <> 'draft' THEN
		RAISE EXCEPTION 'event % was announced', OLD.id USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'event_announced';
	END IF;
	RETURN OLD;
END $$;

CREATE TRIGGER event_announced BEFORE DELETE ON event FOR EACH ROW EXECUTE FUNCTION keep_announced_event();

GRANT SELECT, INSERT, UPDATE, DELETE ON event, event_time, event_proposal TO osbu_office;

GRANT SELECT, INSERT, DELETE, UPDATE (waiting) ON seat TO osbu_office;

GRANT SELECT, INSERT ON event_note TO osbu_office;
-- +goose StatementEnd
