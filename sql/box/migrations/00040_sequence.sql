-- +goose Up
-- +goose StatementBegin
-- How ballots get from their partitions into the log (domain/box/sequence.go).

-- shuffle_partition writes the ballots that wait in the partition that fills
-- anew in random order, in one transaction and a fresh file: as long as they
-- are too few for a batch, neither place nor xmin, nor the place of an index's
-- entries within a page, tells the order in which they came. Whoever copied
-- both databases could otherwise lay the last rights beside the last ballots.
-- It waits for nobody, so that no ballot waits for it longer than it works: a
-- partition of some hundred ballots takes milliseconds. What holds them
-- meanwhile is temporary: the write-ahead log never has it, and PostgreSQL
-- removes its file when it starts after a crash. (An unlogged table of a
-- transaction that a crash ends keeps PostgreSQL 15 from starting at all.)
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
	EXECUTE format('CREATE TEMPORARY TABLE shuffled ON COMMIT DROP AS SELECT * FROM public.%I', name);
	EXECUTE format('TRUNCATE public.%I', name);
	EXECUTE format('INSERT INTO public.%I SELECT * FROM pg_temp.shuffled ORDER BY gen_random_uuid()', name);
	DROP TABLE pg_temp.shuffled;
END $$;

-- rotate_partitions seals the partition that fills and opens the other one, if
-- that is empty, if so many ballots wait, if the log still has the size that
-- the caller knows, and if the moment of release has not been kept yet. With
-- fewer ballots the moment passes. Ballots coming in wait for this transaction,
-- which is short; it gives up rather than make them wait for a second.
CREATE FUNCTION rotate_partitions(id text, least_ballots int, known_size bigint, moment timestamptz) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
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
	SELECT side INTO fills FROM vote WHERE round = id AND NOT closed AND coalesce(released < moment, true);
	IF NOT FOUND OR known_size <> coalesce((SELECT max(size) FROM checkpoint WHERE round = id), 0) THEN
		RETURN false;
	END IF;
	EXECUTE format('SELECT EXISTS (SELECT FROM %I)', partition_name(id, 1 - fills)) INTO left_over;
	IF left_over THEN
		RETURN false;
	END IF;
	EXECUTE format('SELECT count(*) FROM (SELECT FROM %I LIMIT %s) x', partition_name(id, fills), least_ballots) INTO waiting;
	IF waiting < least_ballots THEN
		UPDATE vote SET released = moment WHERE round = id;
		RETURN false;
	END IF;
	UPDATE vote SET side = 1 - side WHERE round = id;
	RETURN true;
END $$;

-- put_back ends a release: what the draw left of a sealed partition waits on in
-- the one that fills, in random order, and the moment is kept. It refuses if
-- that is another number than was said. Ballots coming in wait meanwhile.
CREATE FUNCTION put_back(id text, drawn_from int, rest int, moment timestamptz) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET lock_timeout = '1s' SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
	moved int;
BEGIN
	PERFORM pg_advisory_xact_lock(log_lock(id));
	PERFORM pg_advisory_xact_lock(vote_lock(id));
	INSERT INTO pending (round, side, paper, nullifier, seq, commit, randomizer, credential, signature, ballot)
	SELECT p.round, v.side, p.paper, p.nullifier, p.seq, p.commit, p.randomizer, p.credential, p.signature, p.ballot
	FROM vote v JOIN pending p ON p.round = v.round AND p.side = drawn_from
	WHERE v.round = id AND NOT v.closed AND v.side <> drawn_from
		AND NOT EXISTS (SELECT FROM leaf l WHERE l.round = id AND l.nullifier = p.nullifier AND l.seq = p.seq)
	ORDER BY gen_random_uuid();
	GET DIAGNOSTICS moved = ROW_COUNT;
	IF moved <> rest THEN
		RAISE EXCEPTION 'a ballot of the partition is neither in the log nor to wait on' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'partition_not_in_log';
	END IF;
	UPDATE vote SET released = moment WHERE round = id AND NOT closed AND coalesce(released < moment, true);
END $$;

-- truncate_partition gives a sealed partition's file back, so that neither a
-- row's place nor its xmin, nor a dead row, tells when a ballot was cast. It
-- refuses while a ballot of the partition is neither in the log nor, of an open
-- vote, in the partition that fills, byte for byte. It is the last thing before
-- the commit: from the truncation on ballots coming in wait, because whoever
-- looks for one must find it in the partition or in the log (TRUNCATE is seen
-- by older snapshots, too). While the vote is open, whoever else reads the
-- partition for long, such as a dump, makes it give up at once.
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
		WHERE (l.paper, l.commit, l.randomizer, l.credential, l.signature, l.ballot) IS DISTINCT FROM (p.paper, p.commit, p.randomizer, p.credential, p.signature, p.ballot)
		AND NOT EXISTS (SELECT FROM vote v JOIN %I q ON q.nullifier = p.nullifier AND q.seq = p.seq WHERE v.round = $1 AND NOT v.closed
			AND (q.paper, q.commit, q.randomizer, q.credential, q.signature, q.ballot) = (p.paper, p.commit, p.randomizer, p.credential, p.signature, p.ballot)
			OFFSET 0))',
		partition_name(id, emptied), partition_name(id, 1 - emptied)) INTO lost USING id;
	IF lost THEN
		RAISE EXCEPTION 'a ballot of the partition is not in the log' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'partition_not_in_log';
	END IF;
	PERFORM pg_advisory_xact_lock(vote_lock(id));
	PERFORM set_config('lock_timeout', patience, true);
	EXECUTE format('TRUNCATE %I', partition_name(id, emptied));
END $$;

-- begin_extension refuses an extension that does not follow the log's end.
CREATE FUNCTION begin_extension(id text, known_size bigint, added bigint, signed bytea) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	PERFORM pg_advisory_xact_lock(log_lock(id));
	IF known_size <> coalesce((SELECT max(size) FROM checkpoint WHERE round = id), 0) THEN
		RAISE EXCEPTION 'the batch does not follow the last checkpoint' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'checkpoint_next';
	END IF;
	IF known_size <> coalesce((SELECT max(index) + 1 FROM leaf WHERE round = id), 0) THEN
		RAISE EXCEPTION 'the batch does not follow the last leaf' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'leaf_next';
	END IF;
	IF split_part(convert_from(signed, 'UTF8'), E'\n', 2) IS DISTINCT FROM (known_size + added)::text THEN
		RAISE EXCEPTION 'the checkpoint is of another size' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'checkpoint_size';
	END IF;
END $$;

-- end_extension writes the roots of the subtrees that the new leaves complete,
-- the checkpoint over them, and how many ballots of each paper there are now.
CREATE FUNCTION end_extension(id text, known_size bigint, new_size bigint, levels smallint[], places bigint[], hashes bytea[], signed bytea,
	names text[], counts bigint[], sheet_counts bigint[]) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	IF EXISTS (SELECT FROM unnest(levels, places) AS h (level, n) WHERE n < known_size >> level OR n >= new_size >> level) THEN
		RAISE EXCEPTION 'a hash of a subtree that these leaves do not complete' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'hash_place';
	END IF;
	IF cardinality(levels) <> (SELECT sum((new_size >> level) - (known_size >> level)) FROM generate_series(8, 56, 8) AS level) THEN
		RAISE EXCEPTION 'hashes of subtrees that these leaves complete are missing' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'hash_all';
	END IF;
	INSERT INTO hash (round, level, n, hash) SELECT id, h.level, h.n, h.hash FROM unnest(levels, places, hashes) AS h (level, n, hash);

	INSERT INTO checkpoint (round, size, before, note) VALUES (id, new_size, known_size, signed);
	INSERT INTO logged (round, size, paper, ballots, sheets)
	SELECT id, new_size, x.paper, sum(x.ballots), sum(x.sheets) FROM (
		SELECT paper, ballots, sheets FROM logged WHERE round = id AND size = known_size
		UNION ALL SELECT b.paper, b.ballots, b.sheets FROM unnest(names, counts, sheet_counts) AS b (paper, ballots, sheets)) AS x
	GROUP BY x.paper;
END $$;

-- extend_log writes a batch: leaves from the last checkpoint's size on, each a
-- ballot of a sealed partition (nullifiers and seqs say which), the manifest,
-- which is the first, or the close; the roots of the subtrees that they
-- complete; the checkpoint over them, and how many ballots of each paper there
-- are now. Beside seal_batch (00050) nothing else writes here: one leaf too
-- many, or with a wrong index, would stop the log, and with it the close, for
-- good. leaf_line and checkpoint_follows check the rest.
CREATE FUNCTION extend_log(id text, known_size bigint, lines text[], nullifiers bytea[], seqs int[],
	levels smallint[], places bigint[], hashes bytea[], signed bytea) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
	new_size bigint := known_size + cardinality(lines);
	sides int[];
	names text[];
	counts bigint[];
	added bigint;
BEGIN
	PERFORM begin_extension(id, known_size, cardinality(lines), signed);
	IF EXISTS (SELECT FROM unnest(lines) WITH ORDINALITY AS l (line, i) WHERE (line LIKE 'manifest %') <> (known_size + i = 1)) THEN
		RAISE EXCEPTION 'the manifest is the first leaf, and no other' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'leaf_manifest';
	END IF;
	INSERT INTO leaf (round, index, line)
	SELECT id, known_size + i - 1, line FROM unnest(lines, nullifiers) WITH ORDINALITY AS l (line, nullifier, i) WHERE nullifier IS NULL;

	sides := coalesce((SELECT CASE WHEN closed THEN ARRAY[0, 1] ELSE ARRAY[1 - side] END FROM vote WHERE round = id), '{}');
	WITH written AS (
		INSERT INTO leaf (round, index, line, paper, nullifier, seq, commit, randomizer, credential, signature, ballot)
		SELECT id, known_size + l.i - 1, l.line, p.paper, p.nullifier, p.seq, p.commit, p.randomizer, p.credential, p.signature, p.ballot
		FROM unnest(lines, nullifiers, seqs) WITH ORDINALITY AS l (line, nullifier, seq, i)
		JOIN pending p ON p.round = id AND p.side = ANY (sides) AND p.nullifier = l.nullifier AND p.seq = l.seq
		ORDER BY l.i RETURNING paper
	), counted AS (SELECT paper, count(*) AS ballots FROM written GROUP BY paper)
	SELECT array_agg(paper), array_agg(ballots), coalesce(sum(ballots), 0) INTO names, counts, added FROM counted;
	IF added <> (SELECT count(*) FROM unnest(nullifiers) AS n WHERE n IS NOT NULL) THEN
		RAISE EXCEPTION 'a leaf of a ballot that does not wait in a sealed partition' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'leaf_waits';
	END IF;
	PERFORM end_extension(id, known_size, new_size, levels, places, hashes, signed, names, counts, array_fill(0::bigint, ARRAY[coalesce(cardinality(names), 0)]));
	IF lines[cardinality(lines)] LIKE 'close %' AND
		lines[cardinality(lines)] <> 'close ' || coalesce((SELECT sum(ballots) FROM logged WHERE round = id AND size = new_size), 0) THEN
		RAISE EXCEPTION 'the close counts other ballots than the log has' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'log_close';
	END IF;
END $$;

REVOKE EXECUTE ON FUNCTION shuffle_partition(text), rotate_partitions(text, int, bigint, timestamptz),
	put_back(text, int, int, timestamptz), truncate_partition(text, int),
	extend_log(text, bigint, text[], bytea[], int[], smallint[], bigint[], bytea[], bytea),
	begin_extension(text, bigint, bigint, bytea),
	end_extension(text, bigint, bigint, smallint[], bigint[], bytea[], bytea, text[], bigint[], bigint[]) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION shuffle_partition(text), rotate_partitions(text, int, bigint, timestamptz),
	put_back(text, int, int, timestamptz), truncate_partition(text, int),
	extend_log(text, bigint, text[], bytea[], int[], smallint[], bigint[], bytea[], bytea) TO osbu_box;
-- +goose StatementEnd
