-- The box: what it needs to know of a round. Nothing here knows a person, a time of day or an address.

DO $$ BEGIN CREATE ROLE osbu_box NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
--bun:split
GRANT USAGE ON SCHEMA public TO osbu_box;
--bun:split
-- The clock that decides what is open. A function, so that a test can let time stand still.
CREATE FUNCTION osbu_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$ SELECT clock_timestamp() $$;
