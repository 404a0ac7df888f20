-- The box: what it needs to know of a round. Nothing here knows a person, a time of day or an address.

-- Asked first, because an owner who may not create roles may still migrate where the administrator made this one.
DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'osbu_box') THEN CREATE ROLE osbu_box NOLOGIN; END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
--bun:split
GRANT USAGE ON SCHEMA public TO osbu_box;
--bun:split
-- The clock that decides what is open. A function, so that a test can let time stand still.
CREATE FUNCTION osbu_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$ SELECT clock_timestamp() $$;
