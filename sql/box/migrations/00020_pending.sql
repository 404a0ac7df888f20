-- +goose Up
-- +goose StatementBegin
-- Ballots that wait for the log. Nothing here leads to a person: no time of
-- casting, no counter, no address or session, and what waited leaves no trace
-- of the order it came in.

-- A ballot in clear begins with its format (domain/ballot); a sealed one begins
-- with a fresh key. What a sealed one commits to cannot be known here.
CREATE FUNCTION is_sealed(ballot bytea) RETURNS boolean LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, public, pg_temp AS $$ SELECT substring(ballot FROM 1 FOR 12) <> 'osbu/ballot/' $$;

-- Every round has two partitions. One fills; the other is sealed: nothing comes
-- in any more, it is shuffled into the log and truncated, file and all.
CREATE TABLE pending (
	round      text NOT NULL,
	side       smallint NOT NULL,
	paper      text NOT NULL,
	nullifier  bytea NOT NULL CONSTRAINT pending_nullifier CHECK (octet_length(nullifier) = 32),
	seq        int NOT NULL CONSTRAINT pending_seq CHECK (seq >= 1),
	commit     bytea NOT NULL CONSTRAINT pending_commit CHECK (octet_length(commit) = 32 AND (commit = sha256(ballot) OR is_sealed(ballot))),
	randomizer bytea NOT NULL CONSTRAINT pending_randomizer CHECK (octet_length(randomizer) = 32),
	credential bytea NOT NULL CONSTRAINT pending_credential CHECK (octet_length(credential) = 256),
	signature  bytea NOT NULL CONSTRAINT pending_signature CHECK (octet_length(signature) = 64),
	ballot     bytea NOT NULL -- canonical bytes, or those sealed for the trustees
) PARTITION BY LIST (round);

CREATE FUNCTION partition_name(round text, side int) RETURNS text LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, public, pg_temp AS $$ SELECT 'pending_' || md5(round) || '_' || side $$;

-- Partitions are never vacuumed, which would hold up their truncation: nothing
-- in them is ever changed or deleted.
CREATE FUNCTION make_partitions(id text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	IF to_regclass('public.' || partition_name(id, 0)) IS NOT NULL THEN
		RETURN;
	END IF;
	EXECUTE format('CREATE TABLE public.%I PARTITION OF public.pending FOR VALUES IN (%L) PARTITION BY LIST (side)', 'pending_' || md5(id), id);
	FOR side IN 0..1 LOOP
		EXECUTE format('CREATE TABLE public.%I PARTITION OF public.%I (CONSTRAINT %I UNIQUE (nullifier, seq)) FOR VALUES IN (%s) WITH (autovacuum_enabled = off, toast.autovacuum_enabled = off)',
			partition_name(id, side), 'pending_' || md5(id), partition_name(id, side) || '_once', side);
		EXECUTE format('CREATE INDEX %I ON public.%I (commit)', partition_name(id, side) || '_commit', partition_name(id, side));
	END LOOP;
END $$;

-- open_vote sets a vote's times, or moves them until the close, and leaves a
-- line in vote_change. The first time it makes the partitions.
CREATE FUNCTION open_vote(id text, from_time timestamptz, to_time timestamptz) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	INSERT INTO vote (round, opens, closes) VALUES (id, from_time, to_time)
		ON CONFLICT (round) DO UPDATE SET opens = EXCLUDED.opens, closes = EXCLUDED.closes;
	PERFORM make_partitions(id);
END $$;

-- The lock between ballots coming in (shared) and the close (exclusive), held
-- to the end of the transaction. Ballots of one round do not wait for each
-- other.
CREATE FUNCTION vote_lock(round text) RETURNS bigint LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, public, pg_temp AS $$ SELECT hashtextextended('osbu vote ' || round, 0) $$;

-- One sequencer at a time, held to the end of its transaction. Taken before
-- vote_lock, never after.
CREATE FUNCTION log_lock(round text) RETURNS bigint LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, public, pg_temp AS $$ SELECT hashtextextended('osbu log ' || round, 0) $$;

-- Ballots come in while the vote is open, into the partition that fills. Under
-- the shared lock a close, a rotation or the truncation of a partition has
-- either committed, and is seen here, or waits until this transaction has
-- ended.
CREATE FUNCTION ballots_while_open() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
	id text;
	into_side smallint;
BEGIN
	FOR id, into_side IN SELECT DISTINCT round, side FROM arrived LOOP
		PERFORM pg_advisory_xact_lock_shared(vote_lock(id));
		IF NOT EXISTS (SELECT FROM vote WHERE vote.round = id AND NOT closed AND opens <= osbu_now() AND osbu_now() < closes) THEN
			RAISE EXCEPTION 'the vote of round % is not open', id USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'vote_not_open';
		END IF;
		IF NOT EXISTS (SELECT FROM vote WHERE vote.round = id AND vote.side = into_side) THEN
			RAISE EXCEPTION 'the partition is sealed' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'partition_sealed';
		END IF;
	END LOOP;
	RETURN NULL;
END $$;

CREATE TRIGGER ballots_while_open AFTER INSERT ON pending REFERENCING NEW TABLE AS arrived FOR EACH STATEMENT EXECUTE FUNCTION ballots_while_open();

REVOKE EXECUTE ON FUNCTION open_vote(text, timestamptz, timestamptz), make_partitions(text) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION open_vote(text, timestamptz, timestamptz) TO osbu_box;

GRANT SELECT, INSERT ON pending TO osbu_box;
-- +goose StatementEnd
