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
-- name the schema. Nothing of ours makes one, and the server's role may not.
DO $$ BEGIN
	EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC, osbu_box', current_database());
	IF has_database_privilege('osbu_box', current_database(), 'TEMPORARY') THEN
		RAISE EXCEPTION 'osbu_box may make temporary tables in %: the database''s owner has to revoke that', current_database();
	END IF;
END $$;

-- The clock that decides what is open. A function, so that a test can let time
-- stand still.
CREATE FUNCTION osbu_now() RETURNS timestamptz LANGUAGE sql VOLATILE
SET search_path = pg_catalog, public, pg_temp AS $$ SELECT clock_timestamp() $$;

-- The server's role adds rows and reads them, here as in every file; of all
-- columns it may change those of a vote's times and its close.
CREATE TABLE log (
	round  text PRIMARY KEY CONSTRAINT log_round CHECK (round ~ '^[a-z0-9][a-z0-9-]{0,59}$'),
	key    text NOT NULL,  -- note verifier key (C2SP signed-note)
	sealed bytea NOT NULL  -- note signer key under the master key
);

CREATE TABLE manifest (
	round text PRIMARY KEY REFERENCES log,
	note  bytea NOT NULL -- round.Manifest as a signed note
);

CREATE TABLE vote (
	round  text PRIMARY KEY REFERENCES manifest,
	opens  timestamptz NOT NULL,
	closes timestamptz NOT NULL,
	closed boolean NOT NULL DEFAULT false,
	side   smallint NOT NULL DEFAULT 0 CONSTRAINT vote_side CHECK (side IN (0, 1)), -- which partition fills
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

GRANT SELECT, INSERT ON log, manifest, vote TO osbu_box;

GRANT UPDATE (opens, closes, closed) ON vote TO osbu_box;
-- +goose StatementEnd
