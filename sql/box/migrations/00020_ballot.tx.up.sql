-- What the box keeps of a round, and its ballots. No time of casting, address or session: nothing here leads to a person. The server's role adds
-- rows and reads them; of all columns it may change two, the closing time and the close.

CREATE TABLE log (
	round  text PRIMARY KEY CONSTRAINT log_round CHECK (round ~ '^[a-z0-9][a-z0-9-]{0,59}$'),
	key    text NOT NULL,  -- note verifier key (C2SP signed-note)
	sealed bytea NOT NULL  -- note signer key under the master key
);
--bun:split
CREATE TABLE manifest (
	round text PRIMARY KEY REFERENCES log,
	note  bytea NOT NULL -- round.Manifest as a signed note
);
--bun:split
CREATE TABLE vote (
	round  text PRIMARY KEY REFERENCES manifest,
	opens  timestamptz NOT NULL,
	closes timestamptz NOT NULL,
	closed boolean NOT NULL DEFAULT false,
	CONSTRAINT vote_window CHECK (opens < closes)
);
--bun:split
CREATE FUNCTION vote_stays_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF OLD.closed THEN
		RAISE EXCEPTION 'the vote of round % is closed', OLD.round USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'vote_closed';
	END IF;
	RETURN NEW;
END $$;
--bun:split
CREATE TRIGGER vote_stays_closed BEFORE UPDATE ON vote FOR EACH ROW EXECUTE FUNCTION vote_stays_closed();
--bun:split
-- Ballots that wait for the log. UNIQUE: one ballot under a nullifier and seq.
CREATE TABLE pending (
	round      text NOT NULL REFERENCES manifest,
	paper      text NOT NULL,
	nullifier  bytea NOT NULL CONSTRAINT pending_nullifier CHECK (octet_length(nullifier) = 32),
	seq        int NOT NULL CONSTRAINT pending_seq CHECK (seq >= 1),
	commit     bytea NOT NULL CONSTRAINT pending_commit CHECK (commit = sha256(ballot)),
	randomizer bytea NOT NULL CONSTRAINT pending_randomizer CHECK (octet_length(randomizer) = 32),
	credential bytea NOT NULL CONSTRAINT pending_credential CHECK (octet_length(credential) = 256),
	signature  bytea NOT NULL CONSTRAINT pending_signature CHECK (octet_length(signature) = 64),
	ballot     bytea NOT NULL,
	CONSTRAINT pending_once UNIQUE (round, nullifier, seq)
);
--bun:split
-- The lock between ballots coming in (shared) and the close (exclusive), held to the end of the transaction. Ballots of one round do not wait for each other.
CREATE FUNCTION vote_lock(round text) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT hashtextextended('osbu vote ' || round, 0) $$;
--bun:split
-- Whatever the program does, no ballot comes in outside the vote. Under the shared lock a close has either committed, and is seen here, or waits
-- until this transaction has ended.
CREATE FUNCTION ballots_while_open() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	id text;
BEGIN
	FOR id IN SELECT DISTINCT round FROM arrived LOOP
		PERFORM pg_advisory_xact_lock_shared(vote_lock(id));
		IF NOT EXISTS (SELECT FROM vote WHERE vote.round = id AND NOT closed AND opens <= osbu_now() AND osbu_now() < closes) THEN
			RAISE EXCEPTION 'the vote of round % is not open', id USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'vote_not_open';
		END IF;
	END LOOP;
	RETURN NULL;
END $$;
--bun:split
CREATE TRIGGER ballots_while_open AFTER INSERT ON pending REFERENCING NEW TABLE AS arrived FOR EACH STATEMENT EXECUTE FUNCTION ballots_while_open();
--bun:split
GRANT SELECT, INSERT ON log, manifest, vote, pending TO osbu_box;
--bun:split
GRANT UPDATE (opens, closes, closed) ON vote TO osbu_box;
