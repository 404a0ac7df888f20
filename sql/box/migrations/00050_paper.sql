-- +goose Up
-- +goose StatementBegin
-- Votes on paper (domain/box/paper.go): batches of sheets, and how their sheets
-- get into the log. Nothing here leads to a person either: a sheet has a serial
-- that was drawn at random and given to nobody in particular.

CREATE TABLE paper_batch (
	round       text NOT NULL REFERENCES vote,
	batch       text NOT NULL CONSTRAINT paper_batch_name CHECK (batch ~ '^[A-Z0-9]{1,12}$'),
	paper       text NOT NULL,
	place       text NOT NULL,
	day         date NOT NULL,
	state       text NOT NULL DEFAULT 'open' CONSTRAINT paper_batch_state CHECK (state IN ('open', 'sealed', 'left_out')),
	marked      int NOT NULL CONSTRAINT paper_batch_marked CHECK (marked >= 0 OR declared = 0 AND state <> 'sealed'), -- rights spent on paper that it answers for
	declared    int NOT NULL CONSTRAINT paper_batch_declared CHECK (declared >= 0), -- sheets, by whoever emptied the ballot box
	agreed      int NOT NULL DEFAULT 0 CONSTRAINT paper_batch_agreed CHECK (agreed >= 0),
	decided     jsonb NOT NULL DEFAULT '{}', -- doubtful sheets that count, by reason
	uncounted   jsonb NOT NULL DEFAULT '{}', -- doubtful sheets that do not, by reason
	spoiled     int NOT NULL DEFAULT 0 CONSTRAINT paper_batch_spoiled CHECK (spoiled >= 0),
	taken_away  int NOT NULL DEFAULT 0 CONSTRAINT paper_batch_taken CHECK (taken_away >= 0),
	explanation text NOT NULL DEFAULT '',
	attempt     int NOT NULL DEFAULT 1 CONSTRAINT paper_batch_attempt_first CHECK (attempt > 0), -- to key it in
	PRIMARY KEY (round, batch),
	CONSTRAINT paper_batch_explained CHECK (state <> 'left_out' OR explanation <> '')
);

-- What each of two people keyed in of a batch, apart until both have: a number
-- stands for each, the office knows whom it gave it. A correction is another
-- version. All goes when the batch is settled: what counts is in the log then.
CREATE TABLE keyed (
	round   text NOT NULL,
	batch   text NOT NULL,
	attempt int NOT NULL,
	part    int NOT NULL CONSTRAINT keyed_part CHECK (part IN (1, 2)),
	version int NOT NULL CONSTRAINT keyed_version CHECK (version > 0),
	sheets  text[] NOT NULL,
	CONSTRAINT keyed_once PRIMARY KEY (round, batch, attempt, part, version),
	FOREIGN KEY (round, batch) REFERENCES paper_batch
);

CREATE FUNCTION sheets_in(by_reason jsonb) RETURNS bigint LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, public, pg_temp AS $$ SELECT coalesce(sum(value::int), 0) FROM jsonb_each_text(by_reason) $$;

-- open_batch locks a batch that is still open, in a vote that is not closed;
-- the lock that a close takes is held with others who do the same.
CREATE FUNCTION open_batch(id text, name text) RETURNS paper_batch LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
	b paper_batch;
BEGIN
	PERFORM pg_advisory_xact_lock_shared(vote_lock(id));
	IF EXISTS (SELECT FROM vote WHERE round = id AND closed) THEN
		RAISE EXCEPTION 'the vote of round % is closed', id USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'vote_closed';
	END IF;
	SELECT * INTO b FROM paper_batch WHERE round = id AND batch = name FOR UPDATE;
	IF FOUND AND b.state <> 'open' THEN
		RAISE EXCEPTION 'the batch is settled' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'paper_batch_settled';
	END IF;
	RETURN b;
END $$;

CREATE FUNCTION declare_batch(id text, name text, of_paper text, at_place text, on_day date, rights int, sheets int) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	PERFORM open_batch(id, name);
	INSERT INTO paper_batch (round, batch, paper, place, day, marked, declared) VALUES (id, name, of_paper, at_place, on_day, rights, sheets)
	ON CONFLICT (round, batch) DO UPDATE SET paper = EXCLUDED.paper, place = EXCLUDED.place, day = EXCLUDED.day,
		marked = EXCLUDED.marked, declared = EXCLUDED.declared WHERE paper_batch.state = 'open';
	IF NOT FOUND THEN -- settled between the two
		RAISE EXCEPTION 'the batch is settled' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'paper_batch_settled';
	END IF;
END $$;

-- key_batch and reopen_batch wait for each other and for seal_batch: under the
-- log's lock the attempt stands still.
CREATE FUNCTION key_batch(id text, name text, of_attempt int, of_part int, of_version int, lines text[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
	b paper_batch;
BEGIN
	PERFORM pg_advisory_xact_lock(log_lock(id));
	b := open_batch(id, name);
	IF b.batch IS NULL THEN
		RAISE EXCEPTION 'no such batch' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'paper_batch_known';
	END IF;
	IF b.attempt <> of_attempt THEN
		RAISE EXCEPTION 'another attempt' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'paper_batch_attempt';
	END IF;
	INSERT INTO keyed (round, batch, attempt, part, version, sheets) VALUES (id, name, of_attempt, of_part, of_version, lines);
END $$;

CREATE FUNCTION reopen_batch(id text, name text, of_attempt int) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
	b paper_batch;
BEGIN
	PERFORM pg_advisory_xact_lock(log_lock(id));
	b := open_batch(id, name);
	IF b.batch IS NULL THEN
		RAISE EXCEPTION 'no such batch' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'paper_batch_known';
	END IF;
	UPDATE paper_batch SET attempt = attempt + 1 WHERE round = id AND batch = name AND attempt = of_attempt;
END $$;

-- Nothing of what was keyed in outlives the batch's settling.
CREATE FUNCTION forget_keyed() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	DELETE FROM keyed WHERE round = NEW.round AND batch = NEW.batch;
	RETURN NULL;
END $$;

CREATE TRIGGER forget_keyed AFTER UPDATE OF state ON paper_batch FOR EACH ROW WHEN (NEW.state <> 'open') EXECUTE FUNCTION forget_keyed();

CREATE FUNCTION leave_out_batch(id text, name text, why text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	IF (open_batch(id, name)).batch IS NULL THEN
		RAISE EXCEPTION 'no such batch' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'paper_batch_known';
	END IF;
	UPDATE paper_batch SET state = 'left_out', explanation = why WHERE round = id AND batch = name;
END $$;

-- seal_batch writes the leaves of all sheets of a batch that count, as
-- extend_log writes those of ballots, and seals the batch. serials[i] is the
-- sheet of lines[i]; the first line of a log's first extension is the
-- manifest's, and has none. leaf_line holds line, commit and ballot together,
-- leaf_serial refuses a sheet that is in the log already.
CREATE FUNCTION seal_batch(id text, name text, known_size bigint, lines text[], serials text[], commits bytea[], ballots bytea[],
	levels smallint[], places bigint[], hashes bytea[], signed bytea,
	agreed_sheets int, decided_sheets jsonb, uncounted_sheets jsonb, spoiled_sheets int, taken_sheets int, why text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
	b paper_batch;
	sheets bigint := cardinality(serials) - num_nulls(VARIADIC serials);
BEGIN
	PERFORM pg_advisory_xact_lock(log_lock(id)); -- before vote_lock, as everywhere
	b := open_batch(id, name);
	IF b.batch IS NULL THEN
		RAISE EXCEPTION 'no such batch' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'paper_batch_known';
	END IF;
	IF sheets <> agreed_sheets + sheets_in(decided_sheets) THEN
		RAISE EXCEPTION 'another number of sheets than the batch counts' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'paper_batch_count';
	END IF;
	UPDATE paper_batch SET state = 'sealed', agreed = agreed_sheets, decided = decided_sheets, uncounted = uncounted_sheets,
		spoiled = spoiled_sheets, taken_away = taken_sheets, explanation = why WHERE round = id AND batch = name;
	IF cardinality(lines) = 0 THEN
		RETURN; -- no sheet counts, and the log stays as it is
	END IF;
	PERFORM begin_extension(id, known_size, cardinality(lines), signed);
	IF EXISTS (SELECT FROM unnest(lines, serials) WITH ORDINALITY AS l (line, serial, i)
		WHERE (line LIKE 'manifest %') <> (known_size + i = 1) OR (serial IS NULL) <> (known_size + i = 1)) THEN
		RAISE EXCEPTION 'a leaf of a batch that is no sheet''s' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'leaf_manifest';
	END IF;
	INSERT INTO leaf (round, index, line, paper, batch, serial, commit, ballot)
	SELECT id, known_size + l.i - 1, l.line, CASE WHEN l.serial IS NOT NULL THEN b.paper END, CASE WHEN l.serial IS NOT NULL THEN name END, l.serial, l.commit, l.ballot
	FROM unnest(lines, serials, commits, ballots) WITH ORDINALITY AS l (line, serial, commit, ballot, i) ORDER BY l.i;
	PERFORM end_extension(id, known_size, known_size + cardinality(lines), levels, places, hashes, signed, ARRAY[b.paper], ARRAY[sheets], ARRAY[sheets]);
END $$;

-- The close of a vote waits for its batches: under vote_lock, which open_batch
-- shares, none is declared meanwhile.
CREATE FUNCTION close_waits_for_paper() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	IF EXISTS (SELECT FROM paper_batch WHERE round = NEW.round AND state = 'open') THEN
		RAISE EXCEPTION 'a batch of paper is open' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'paper_batches_open';
	END IF;
	RETURN NEW;
END $$;

CREATE TRIGGER close_waits_for_paper BEFORE UPDATE OF closed ON vote FOR EACH ROW WHEN (NEW.closed AND NOT OLD.closed) EXECUTE FUNCTION close_waits_for_paper();

REVOKE EXECUTE ON FUNCTION open_batch(text, text), declare_batch(text, text, text, text, date, int, int), leave_out_batch(text, text, text),
	key_batch(text, text, int, int, int, text[]), reopen_batch(text, text, int),
	seal_batch(text, text, bigint, text[], text[], bytea[], bytea[], smallint[], bigint[], bytea[], bytea, int, jsonb, jsonb, int, int, text) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION declare_batch(text, text, text, text, date, int, int), leave_out_batch(text, text, text),
	key_batch(text, text, int, int, int, text[]), reopen_batch(text, text, int),
	seal_batch(text, text, bigint, text[], text[], bytea[], bytea[], smallint[], bigint[], bytea[], bytea, int, jsonb, jsonb, int, int, text) TO osbu_box;

GRANT SELECT ON paper_batch, keyed TO osbu_box;
-- +goose StatementEnd
