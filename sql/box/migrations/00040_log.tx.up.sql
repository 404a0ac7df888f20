-- The log: leaves with their openings, the hashes over them, checkpoints; and the lanes in which ballots wait for it. Still nothing leads to a person: no
-- time, no counter, and what waited leaves no trace of the order it came in.

-- Every round has two lanes. One fills; the other is sealed: nothing comes in any more, it is shuffled into the log and truncated, file and all.
ALTER TABLE vote ADD COLUMN side smallint NOT NULL DEFAULT 0 CONSTRAINT vote_side CHECK (side IN (0, 1)); -- which one fills
--bun:split
ALTER TABLE pending RENAME TO pending_before;
--bun:split
CREATE TABLE pending (
	round      text NOT NULL,
	side       smallint NOT NULL,
	paper      text NOT NULL,
	nullifier  bytea NOT NULL CONSTRAINT pending_nullifier CHECK (octet_length(nullifier) = 32),
	seq        int NOT NULL CONSTRAINT pending_seq CHECK (seq >= 1),
	commit     bytea NOT NULL CONSTRAINT pending_commit CHECK (commit = sha256(ballot)),
	randomizer bytea NOT NULL CONSTRAINT pending_randomizer CHECK (octet_length(randomizer) = 32),
	credential bytea NOT NULL CONSTRAINT pending_credential CHECK (octet_length(credential) = 256),
	signature  bytea NOT NULL CONSTRAINT pending_signature CHECK (octet_length(signature) = 64),
	ballot     bytea NOT NULL
) PARTITION BY LIST (round);
--bun:split
CREATE FUNCTION lane(round text, side int) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'lane_' || md5(round) || '_' || side $$;
--bun:split
-- Lanes are never vacuumed, which would hold up their truncation: nothing in them is ever changed or deleted.
CREATE FUNCTION make_lanes(id text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
	IF to_regclass(lane(id, 0)) IS NOT NULL THEN
		RETURN;
	END IF;
	EXECUTE format('CREATE TABLE %I PARTITION OF pending FOR VALUES IN (%L) PARTITION BY LIST (side)', 'lanes_' || md5(id), id);
	FOR side IN 0..1 LOOP
		EXECUTE format('CREATE TABLE %I PARTITION OF %I (CONSTRAINT %I UNIQUE (nullifier, seq)) FOR VALUES IN (%s) WITH (autovacuum_enabled = off, toast.autovacuum_enabled = off)',
			lane(id, side), 'lanes_' || md5(id), lane(id, side) || '_once', side);
		EXECUTE format('CREATE INDEX %I ON %I (commit)', lane(id, side) || '_commit', lane(id, side));
	END LOOP;
END $$;
--bun:split
DO $$ DECLARE id text; BEGIN FOR id IN SELECT round FROM vote LOOP PERFORM make_lanes(id); END LOOP; END $$;
--bun:split
INSERT INTO pending SELECT round, 0, paper, nullifier, seq, commit, randomizer, credential, signature, ballot FROM pending_before ORDER BY gen_random_uuid();
--bun:split
DROP TABLE pending_before;
--bun:split
DROP FUNCTION shuffle_ballots();
--bun:split
-- A round's log, and what opens its ballots' leaves, which is secret until the close. Every row of a batch is written by one transaction.
CREATE TABLE leaf (
	round      text NOT NULL,
	index      bigint NOT NULL,
	line       text NOT NULL, -- box.Leaf
	paper      text,          -- this and the following: of ballots only
	nullifier  bytea,
	seq        int,
	commit     bytea,
	randomizer bytea,
	credential bytea,
	signature  bytea,
	ballot     bytea,
	PRIMARY KEY (round, index),
	CONSTRAINT leaf_line CHECK (CASE num_nulls(paper, nullifier, seq, commit, randomizer, credential, signature, ballot)
		WHEN 8 THEN line ~ '^(manifest [0-9a-f]{64}|close [0-9]+)$'
		WHEN 0 THEN commit = sha256(ballot) AND line = 'ballot ' || encode(sha256(nullifier), 'hex') || ' ' || seq || ' ' || encode(commit, 'hex')
		ELSE false END)
);
--bun:split
CREATE UNIQUE INDEX leaf_once ON leaf (round, nullifier, seq);
--bun:split
CREATE INDEX leaf_commit ON leaf (round, commit);
--bun:split
CREATE UNIQUE INDEX leaf_close ON leaf (round) WHERE line LIKE 'close %';
--bun:split
-- Roots of complete subtrees of 256 leaves (level 8), of 256 such (16), and so on: with the leaves, all that C2SP tlog-tiles have.
CREATE TABLE hash (
	round text NOT NULL,
	level smallint NOT NULL CONSTRAINT hash_level CHECK (level > 0 AND level % 8 = 0),
	n     bigint NOT NULL,
	hash  bytea NOT NULL CONSTRAINT hash_size CHECK (octet_length(hash) = 32),
	PRIMARY KEY (round, level, n)
);
--bun:split
-- Every checkpoint says which one it follows, and none is followed twice: of two sequencers that begin at the same place one fails.
CREATE TABLE checkpoint (
	round  text NOT NULL REFERENCES manifest,
	size   bigint NOT NULL,
	before bigint NOT NULL, -- the size of the one before; 0 for the first
	note   bytea NOT NULL,  -- box.Checkpoint, signed
	PRIMARY KEY (round, size),
	CONSTRAINT checkpoint_next UNIQUE (round, before),
	CONSTRAINT checkpoint_grows CHECK (0 <= before AND before < size)
);
--bun:split
-- How many ballots of each paper a checkpoint's log holds.
CREATE TABLE logged (
	round   text NOT NULL,
	size    bigint NOT NULL,
	paper   text NOT NULL,
	ballots bigint NOT NULL,
	PRIMARY KEY (round, size, paper),
	FOREIGN KEY (round, size) REFERENCES checkpoint
);
--bun:split
CREATE TABLE cosignature (
	round   text NOT NULL,
	size    bigint NOT NULL,
	witness text NOT NULL, -- its name and key hash
	line    text NOT NULL, -- as it stands below the checkpoint; has the time at which the witness saw it, which is public
	PRIMARY KEY (round, size, witness),
	FOREIGN KEY (round, size) REFERENCES checkpoint
);
--bun:split
-- One sequencer at a time, held to the end of its transaction. Taken before vote_lock, never after.
CREATE FUNCTION log_lock(round text) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT hashtextextended('osbu log ' || round, 0) $$;
--bun:split
-- Whatever the program does, the log grows without a gap, by as many leaves as its checkpoint says, and ends with the close of a closed vote.
CREATE FUNCTION checkpoint_follows() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
	IF NEW.before <> coalesce((SELECT max(size) FROM checkpoint WHERE round = NEW.round AND size <> NEW.size), 0) THEN
		RAISE EXCEPTION 'the checkpoint does not follow the last one' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'checkpoint_next';
	END IF;
	IF (SELECT (count(*), min(index), max(index)) FROM leaf WHERE round = NEW.round AND index >= NEW.before) IS DISTINCT FROM (NEW.size - NEW.before, NEW.before, NEW.size - 1) THEN
		RAISE EXCEPTION 'the checkpoint is not over these leaves' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'checkpoint_leaves';
	END IF;
	IF EXISTS (SELECT FROM leaf WHERE round = NEW.round AND line LIKE 'close %'
		AND (index < NEW.size - 1 OR NOT EXISTS (SELECT FROM vote WHERE vote.round = NEW.round AND closed))) THEN
		RAISE EXCEPTION 'the log ends with the close, and not before it' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'log_ended';
	END IF;
	RETURN NULL;
END $$;
--bun:split
CREATE TRIGGER checkpoint_follows AFTER INSERT ON checkpoint FOR EACH ROW EXECUTE FUNCTION checkpoint_follows();
--bun:split
-- Ballots come in while the vote is open, into the lane that fills. Under the shared lock a close, a seal or the emptying of a lane has either committed,
-- and is seen here, or waits until this transaction has ended.
CREATE OR REPLACE FUNCTION ballots_while_open() RETURNS trigger LANGUAGE plpgsql AS $$
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
			RAISE EXCEPTION 'the lane is sealed' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'lane_sealed';
		END IF;
	END LOOP;
	RETURN NULL;
END $$;
--bun:split
CREATE TRIGGER ballots_while_open AFTER INSERT ON pending REFERENCING NEW TABLE AS arrived FOR EACH STATEMENT EXECUTE FUNCTION ballots_while_open();
--bun:split
-- seal_lane seals the lane that fills and opens the other one, if that is empty, if so many ballots wait, and if the log still has the size that the
-- caller knows. Ballots coming in wait for this transaction, which is short; it gives up rather than make them wait for a second.
CREATE FUNCTION seal_lane(id text, least_ballots int, known_size bigint) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET lock_timeout = '1s' AS $$
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
	EXECUTE format('SELECT EXISTS (SELECT FROM %I)', lane(id, 1 - fills)) INTO left_over;
	EXECUTE format('SELECT count(*) FROM (SELECT FROM %I LIMIT %s) x', lane(id, fills), least_ballots) INTO waiting;
	IF left_over OR waiting < least_ballots THEN
		RETURN false;
	END IF;
	UPDATE vote SET side = 1 - side WHERE round = id;
	RETURN true;
END $$;
--bun:split
-- empty_lane gives a sealed lane's file back, so that neither a row's place nor its xmin, nor a dead row, tells when a ballot was cast. It refuses while a
-- ballot of the lane is not in the log, byte for byte. It is the last thing before the commit: from the truncation on ballots coming in wait, because whoever looks for
-- one must find it in the lane or in the log (TRUNCATE is seen by older snapshots, too). While the vote is open, whoever else reads the lane for long, such as a dump, makes it give up at once.
CREATE FUNCTION empty_lane(id text, emptied int) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET lock_timeout = '1s' SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
	lost boolean;
	patience text;
BEGIN
	PERFORM pg_advisory_xact_lock(log_lock(id));
	SELECT CASE WHEN closed THEN '10s' ELSE '100ms' END INTO patience FROM vote WHERE round = id AND (closed OR side <> emptied);
	IF NOT FOUND THEN
		RAISE EXCEPTION 'the lane is not sealed' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'lane_fills';
	END IF;
	EXECUTE format('SELECT EXISTS (SELECT FROM %I p LEFT JOIN leaf l ON l.round = $1 AND l.nullifier = p.nullifier AND l.seq = p.seq
		WHERE (l.paper, l.commit, l.randomizer, l.credential, l.signature, l.ballot) IS DISTINCT FROM (p.paper, p.commit, p.randomizer, p.credential, p.signature, p.ballot))',
		lane(id, emptied)) INTO lost USING id;
	IF lost THEN
		RAISE EXCEPTION 'a ballot of the lane is not in the log' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'lane_not_in_log';
	END IF;
	PERFORM pg_advisory_xact_lock(vote_lock(id));
	PERFORM set_config('lock_timeout', patience, true);
	EXECUTE format('TRUNCATE %I', lane(id, emptied));
END $$;
--bun:split
REVOKE EXECUTE ON FUNCTION make_lanes(text), seal_lane(text, int, bigint), empty_lane(text, int) FROM PUBLIC;
--bun:split
GRANT EXECUTE ON FUNCTION make_lanes(text), seal_lane(text, int, bigint), empty_lane(text, int) TO osbu_box;
--bun:split
GRANT SELECT, INSERT ON pending, leaf, hash, checkpoint, logged, cosignature TO osbu_box;
