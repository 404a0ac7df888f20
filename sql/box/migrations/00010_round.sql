-- +goose Up
-- +goose StatementBegin
-- The box: what it needs to know of a round. Nothing here knows a person, a
-- time of day or an address.

-- Asked first, because an owner who may not create roles may still migrate
-- where the administrator made this one.
DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'osbu_box') THEN CREATE ROLE osbu_box NOLOGIN; END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;

GRANT USAGE ON SCHEMA public TO osbu_box;

-- A table in a session's own schema is found before ours by whatever does not
-- name the schema. The server's role may make none; the owner may, and does in
-- the functions that write tables anew in random order.
DO $$ BEGIN
	EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC, osbu_box', current_database());
	IF has_database_privilege('osbu_box', current_database(), 'TEMPORARY') THEN
		RAISE EXCEPTION 'osbu_box may make temporary tables in %: the database''s owner has to revoke that', current_database();
	END IF;
	IF NOT has_database_privilege(current_database(), 'TEMPORARY') THEN
		RAISE EXCEPTION '% may make no temporary tables in %, but has to: the database''s owner has to grant that', current_user, current_database();
	END IF;
END $$;

-- The clock that decides what is open. A function, so that a test can let time
-- stand still.
CREATE FUNCTION osbu_now() RETURNS timestamptz LANGUAGE sql VOLATILE
SET search_path = pg_catalog, public, pg_temp AS $$ SELECT clock_timestamp() $$;

-- The server's role adds rows and reads them, here as in every file. Of all
-- columns it may change that of a vote's close; the times are open_vote's
-- (00020).
CREATE TABLE log (
	round  text PRIMARY KEY CONSTRAINT log_round CHECK (round ~ '^[a-z0-9][a-z0-9-]{0,59}$'),
	key    text NOT NULL,  -- note verifier key (C2SP signed-note)
	sealed bytea NOT NULL  -- note signer key under OSBU_SEAL_LOGS
);

CREATE TABLE manifest (
	round text PRIMARY KEY REFERENCES log,
	note  bytea NOT NULL -- round.Manifest as a signed note
);

CREATE TABLE vote (
	round    text PRIMARY KEY REFERENCES manifest,
	opens    timestamptz NOT NULL,
	closes   timestamptz NOT NULL,
	closed   boolean NOT NULL DEFAULT false,
	side     smallint NOT NULL DEFAULT 0 CONSTRAINT vote_side CHECK (side IN (0, 1)), -- which partition fills
	released timestamptz, -- the last moment of release that was kept, as the calendar of releases has it; null: none
	CONSTRAINT vote_window CHECK (opens < closes)
);

CREATE FUNCTION vote_stays_closed() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	IF OLD.closed THEN
		RAISE EXCEPTION 'the vote of round % is closed', OLD.round USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'vote_closed';
	END IF;
	RETURN NEW;
END $$;

CREATE TRIGGER vote_stays_closed BEFORE UPDATE ON vote FOR EACH ROW EXECUTE FUNCTION vote_stays_closed();

-- What a vote's times were, and when they were set: the role can neither add a
-- line nor leave one out. The partition that fills is not among them, for when
-- it changed tells when a batch was full.
CREATE TABLE vote_change (
	round  text NOT NULL REFERENCES vote,
	n      int NOT NULL,
	at     timestamptz NOT NULL,
	opens  timestamptz NOT NULL,
	closes timestamptz NOT NULL,
	closed boolean NOT NULL,
	PRIMARY KEY (round, n)
);

-- The row of the vote is locked, so that two changes get two numbers.
CREATE FUNCTION trace_vote() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	INSERT INTO vote_change (round, n, at, opens, closes, closed)
	SELECT NEW.round, coalesce(max(n), 0) + 1, osbu_now(), NEW.opens, NEW.closes, NEW.closed FROM vote_change WHERE round = NEW.round;
	RETURN NULL;
END $$;

REVOKE EXECUTE ON FUNCTION trace_vote() FROM PUBLIC;

CREATE TRIGGER vote_set AFTER INSERT ON vote FOR EACH ROW EXECUTE FUNCTION trace_vote();

CREATE TRIGGER vote_changed AFTER UPDATE ON vote FOR EACH ROW
	WHEN ((OLD.opens, OLD.closes, OLD.closed) IS DISTINCT FROM (NEW.opens, NEW.closes, NEW.closed)) EXECUTE FUNCTION trace_vote();

GRANT SELECT, INSERT ON log, manifest TO osbu_box;

GRANT SELECT, UPDATE (closed) ON vote TO osbu_box;

GRANT SELECT ON vote_change TO osbu_box;
-- +goose StatementEnd
