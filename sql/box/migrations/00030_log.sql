-- +goose Up
-- +goose StatementBegin
-- The log: leaves with their openings, the hashes over them, checkpoints. Still
-- nothing leads to a person.

-- A round's log, and what opens its ballots' leaves, which is secret until the
-- close. Every row of a batch is written by one transaction.
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
	batch      text,          -- of a sheet of paper, with its serial, instead of nullifier, seq, randomizer, credential and signature
	serial     text,
	PRIMARY KEY (round, index),
	CONSTRAINT leaf_line CHECK (CASE ARRAY[num_nonnulls(paper, commit, ballot), num_nonnulls(nullifier, seq, randomizer, credential, signature), num_nonnulls(batch, serial)]
		WHEN '{0,0,0}' THEN line ~ '^(manifest [0-9a-f]{64}|close [0-9]+|audit (freeze|open|times|close|count|confirm|correction|publish|archive) [0-9a-f]{64})$'
		WHEN '{3,0,2}' THEN commit = sha256(ballot) AND NOT is_sealed(ballot) AND batch ~ '^[A-Z0-9]{1,12}$' AND serial ~ '^[0-9A-HJKMNP-TV-Z]{8}$'
			AND line = 'paper ' || batch || ' ' || serial || ' ' || encode(commit, 'hex')
		WHEN '{3,5,0}' THEN (commit = sha256(ballot) OR is_sealed(ballot)) AND line = 'ballot ' || encode(sha256(nullifier), 'hex') || ' ' || seq || ' ' || encode(commit, 'hex')
		ELSE false END)
);

CREATE UNIQUE INDEX leaf_once ON leaf (round, nullifier, seq);

-- A sheet counts once, whatever batch it is keyed in.
CREATE UNIQUE INDEX leaf_serial ON leaf (round, serial) WHERE serial IS NOT NULL;

CREATE INDEX leaf_commit ON leaf (round, commit);

CREATE UNIQUE INDEX leaf_close ON leaf (round) WHERE line LIKE 'close %';

-- Steps of the round, which the office's audit log tells of (box.AuditLeaf).
-- Times may be moved more than once, and a decision corrected.
CREATE INDEX leaf_audit ON leaf (round, index) WHERE line LIKE 'audit %';

CREATE UNIQUE INDEX leaf_step ON leaf (round, split_part(line, ' ', 2)) WHERE line LIKE 'audit %' AND split_part(line, ' ', 2) NOT IN ('times', 'correction');

-- Roots of complete subtrees of 256 leaves (level 8), of 256 such (16), and so
-- on: with the leaves, all that C2SP tlog-tiles have.
CREATE TABLE hash (
	round text NOT NULL,
	level smallint NOT NULL CONSTRAINT hash_level CHECK (level > 0 AND level % 8 = 0),
	n     bigint NOT NULL,
	hash  bytea NOT NULL CONSTRAINT hash_size CHECK (octet_length(hash) = 32),
	PRIMARY KEY (round, level, n)
);

-- Every checkpoint says which one it follows, and none is followed twice: of
-- two sequencers that begin at the same place one fails.
CREATE TABLE checkpoint (
	round  text NOT NULL REFERENCES manifest,
	size   bigint NOT NULL,
	before bigint NOT NULL, -- the size of the one before; 0 for the first
	note   bytea NOT NULL,  -- box.Checkpoint, signed
	PRIMARY KEY (round, size),
	CONSTRAINT checkpoint_next UNIQUE (round, before),
	CONSTRAINT checkpoint_grows CHECK (0 <= before AND before < size)
);

-- How many ballots of each paper a checkpoint's log holds.
CREATE TABLE logged (
	round   text NOT NULL,
	size    bigint NOT NULL,
	paper   text NOT NULL,
	ballots bigint NOT NULL,
	sheets  bigint NOT NULL CONSTRAINT logged_sheets CHECK (sheets BETWEEN 0 AND ballots), -- of them on paper
	PRIMARY KEY (round, size, paper),
	FOREIGN KEY (round, size) REFERENCES checkpoint
);

CREATE TABLE cosignature (
	round   text NOT NULL,
	size    bigint NOT NULL,
	witness text NOT NULL, -- its name and key hash
	line    text NOT NULL, -- as it stands below the checkpoint; has the time at which the witness saw it, which is public
	PRIMARY KEY (round, size, witness),
	FOREIGN KEY (round, size) REFERENCES checkpoint
);

-- Whatever the program does, the log grows without a gap, by as many leaves as
-- its checkpoint says, and ends with the close of a closed vote.
CREATE FUNCTION checkpoint_follows() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	IF NEW.before <> coalesce((SELECT max(size) FROM checkpoint WHERE round = NEW.round AND size <> NEW.size), 0) THEN
		RAISE EXCEPTION 'the checkpoint does not follow the last one' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'checkpoint_next';
	END IF;
	IF (SELECT (count(*), min(index), max(index)) FROM leaf WHERE round = NEW.round AND index >= NEW.before) IS DISTINCT FROM (NEW.size - NEW.before, NEW.before, NEW.size - 1) THEN
		RAISE EXCEPTION 'the checkpoint is not over these leaves' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'checkpoint_leaves';
	END IF;
	IF EXISTS (SELECT FROM leaf c WHERE c.round = NEW.round AND c.line LIKE 'close %'
		AND (NOT EXISTS (SELECT FROM vote WHERE vote.round = NEW.round AND closed)
			OR EXISTS (SELECT FROM leaf l WHERE l.round = c.round AND l.index > c.index AND l.line NOT LIKE 'audit %'))) THEN
		RAISE EXCEPTION 'only steps follow the close, and it does not come before the close of the vote' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'log_ended';
	END IF;
	IF EXISTS (SELECT FROM leaf a WHERE a.round = NEW.round AND a.index >= NEW.before AND a.line LIKE 'audit %'
		AND split_part(a.line, ' ', 2) IN ('freeze', 'times', 'open') = EXISTS (SELECT FROM leaf c WHERE c.round = a.round AND c.line LIKE 'close %' AND c.index < a.index)) THEN
		RAISE EXCEPTION 'a step on the wrong side of the close' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'leaf_step_close';
	END IF;
	IF EXISTS (SELECT FROM (
			SELECT index, split_part(line, ' ', 2) AS step, coalesce(lag(split_part(line, ' ', 2)) OVER (ORDER BY index), '') AS after
			FROM leaf WHERE round = NEW.round AND line LIKE 'audit %' AND line NOT LIKE 'audit correction %') AS a
		WHERE index >= NEW.before AND NOT (step, after) IN (('freeze', ''), ('open', 'freeze'), ('times', 'freeze'), ('times', 'times'), ('open', 'times'),
			('times', 'open'), ('close', 'open'), ('close', 'times'), ('count', 'close'), ('confirm', 'count'), ('publish', 'confirm'), ('archive', 'publish'))) THEN
		RAISE EXCEPTION 'the steps are not in their order' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'leaf_step_order';
	END IF;
	IF EXISTS (SELECT FROM leaf a WHERE a.round = NEW.round AND a.index >= NEW.before AND a.line LIKE 'audit correction %'
		AND NOT EXISTS (SELECT FROM leaf c WHERE c.round = a.round AND c.line LIKE 'audit confirm %' AND c.index < a.index)) THEN
		RAISE EXCEPTION 'a correction before the confirmation' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'leaf_step_order';
	END IF;
	RETURN NULL;
END $$;

CREATE TRIGGER checkpoint_follows AFTER INSERT ON checkpoint FOR EACH ROW EXECUTE FUNCTION checkpoint_follows();

-- extend_log (00040) and seal_batch (00050) alone write the log.
GRANT SELECT ON leaf, hash, checkpoint, logged TO osbu_box;

GRANT SELECT, INSERT ON cosignature TO osbu_box;
-- +goose StatementEnd
