-- +goose Up
-- +goose StatementBegin
-- How ballots get from their partitions into the log (domain/box/sequence.go).

-- shuffle_partition writes the ballots that wait in the partition that fills
-- anew in random order, in one transaction and a fresh file: as long as they
-- are too few for a batch, neither place nor xmin, nor the place of an index's
-- entries within a page, tells the order in which they came. Whoever copied
-- both databases could otherwise lay the last rights beside the last ballots.
-- It waits for nobody, so that no ballot waits for it longer than it works: a
-- partition of some hundred ballots takes milliseconds. What is written beside
-- it meanwhile is unlogged: the write-ahead log never holds it, and a crash
-- empties it.
CREATE FUNCTION shuffle_partition(id text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
	fills smallint;
	name text;
BEGIN
	SELECT side, partition_name(id, side) INTO fills, name FROM vote WHERE round = id AND NOT closed;
	IF NOT FOUND THEN
		RETURN;
	END IF;
	EXECUTE format('LOCK TABLE public.%I IN ACCESS EXCLUSIVE MODE NOWAIT', name);
	IF NOT pg_try_advisory_xact_lock(log_lock(id)) OR NOT pg_try_advisory_xact_lock(vote_lock(id)) THEN
		RAISE EXCEPTION 'the partition is in use' USING ERRCODE = 'lock_not_available';
	END IF;
	IF NOT EXISTS (SELECT FROM vote WHERE round = id AND NOT closed AND side = fills) THEN
		RETURN; -- sealed at this moment
	END IF;
	EXECUTE format('CREATE UNLOGGED TABLE public.%I AS SELECT * FROM public.%I', name || '_shuffled', name);
	EXECUTE format('TRUNCATE public.%I', name);
	EXECUTE format('INSERT INTO public.%I SELECT * FROM public.%I ORDER BY gen_random_uuid()', name, name || '_shuffled');
	EXECUTE format('DROP TABLE public.%I', name || '_shuffled');
END $$;

-- rotate_partitions seals the partition that fills and opens the other one, if
-- that is empty, if so many ballots wait, and if the log still has the size
-- that the caller knows. Ballots coming in wait for this transaction, which is
-- short; it gives up rather than make them wait for a second.
CREATE FUNCTION rotate_partitions(id text, least_ballots int, known_size bigint) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET lock_timeout = '1s' AS $$
DECLARE
	fills smallint;
	waiting int;
	left_over boolean;
BEGIN
	IF NOT pg_try_advisory_xact_lock(log_lock(id)) THEN
		RETURN false; -- another sequencer is at work
	END IF;
	PERFORM pg_advisory_xact_lock(vote_lock(id));
	SELECT side INTO fills FROM vote WHERE round = id AND NOT closed;
	IF NOT FOUND OR known_size <> coalesce((SELECT max(size) FROM checkpoint WHERE round = id), 0) THEN
		RETURN false;
	END IF;
	EXECUTE format('SELECT EXISTS (SELECT FROM %I)', partition_name(id, 1 - fills)) INTO left_over;
	EXECUTE format('SELECT count(*) FROM (SELECT FROM %I LIMIT %s) x', partition_name(id, fills), least_ballots) INTO waiting;
	IF left_over OR waiting < least_ballots THEN
		RETURN false;
	END IF;
	UPDATE vote SET side = 1 - side WHERE round = id;
	RETURN true;
END $$;

-- truncate_partition gives a sealed partition's file back, so that neither a
-- row's place nor its xmin, nor a dead row, tells when a ballot was cast. It
-- refuses while a ballot of the partition is not in the log, byte for byte. It
-- is the last thing before the commit: from the truncation on ballots coming in
-- wait, because whoever looks for one must find it in the partition or in the
-- log (TRUNCATE is seen by older snapshots, too). While the vote is open,
-- whoever else reads the partition for long, such as a dump, makes it give up
-- at once.
CREATE FUNCTION truncate_partition(id text, emptied int) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET lock_timeout = '1s' SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
	lost boolean;
	patience text;
BEGIN
	PERFORM pg_advisory_xact_lock(log_lock(id));
	SELECT CASE WHEN closed THEN '10s' ELSE '100ms' END INTO patience FROM vote WHERE round = id AND (closed OR side <> emptied);
	IF NOT FOUND THEN
		RAISE EXCEPTION 'the partition is not sealed' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'partition_fills';
	END IF;
	EXECUTE format('SELECT EXISTS (SELECT FROM %I p LEFT JOIN leaf l ON l.round = $1 AND l.nullifier = p.nullifier AND l.seq = p.seq
		WHERE (l.paper, l.commit, l.randomizer, l.credential, l.signature, l.ballot) IS DISTINCT FROM (p.paper, p.commit, p.randomizer, p.credential, p.signature, p.ballot))',
		partition_name(id, emptied)) INTO lost USING id;
	IF lost THEN
		RAISE EXCEPTION 'a ballot of the partition is not in the log' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'partition_not_in_log';
	END IF;
	PERFORM pg_advisory_xact_lock(vote_lock(id));
	PERFORM set_config('lock_timeout', patience, true);
	EXECUTE format('TRUNCATE %I', partition_name(id, emptied));
END $$;

REVOKE EXECUTE ON FUNCTION shuffle_partition(text), rotate_partitions(text, int, bigint), truncate_partition(text, int) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION shuffle_partition(text), rotate_partitions(text, int, bigint), truncate_partition(text, int) TO osbu_box;
-- +goose StatementEnd
