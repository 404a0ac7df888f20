-- +goose Up
-- +goose StatementBegin
-- Voting places: who works there, what browsers stand there, and what was done
-- for voters. A place is an event of the kind voting.

ALTER TABLE spent_right ADD CONSTRAINT spent_right_at FOREIGN KEY (place) REFERENCES event;

CREATE INDEX spent_right_place_index ON spent_right (place) WHERE place IS NOT NULL;

-- An officer asks for a place, and an official assigns her.
CREATE TABLE officer (
	place    bigint NOT NULL REFERENCES event,
	account  bigint NOT NULL REFERENCES account,
	assigned boolean NOT NULL DEFAULT false,
	PRIMARY KEY (place, account)
);

CREATE INDEX officer_account ON officer (account);

-- A browser at a place, for a day: an officer's code lets it in, and from then
-- on it has a secret of its own.
CREATE TABLE kiosk (
	id        bigint PRIMARY KEY DEFAULT random_id() CONSTRAINT kiosk_id CHECK (id > 0),
	place     bigint NOT NULL REFERENCES event,
	name      text NOT NULL CONSTRAINT kiosk_name CHECK (char_length(name) BETWEEN 1 AND 60),
	enrolment bytea CONSTRAINT kiosk_enrolment UNIQUE CONSTRAINT kiosk_enrolment_size CHECK (octet_length(enrolment) = 32), -- keyed hash of the officer's code; null: used
	until     timestamptz NOT NULL, -- for which the officer's code is good
	secret    bytea CONSTRAINT kiosk_secret UNIQUE CONSTRAINT kiosk_secret_size CHECK (octet_length(secret) = 32), -- SHA-256 of the cookie; null: not enrolled yet
	ends      timestamptz NOT NULL, -- and it is a kiosk no more
	revoked   boolean NOT NULL DEFAULT false,
	CONSTRAINT kiosk_enrolled CHECK ((enrolment IS NULL) = (secret IS NOT NULL))
);

CREATE INDEX kiosk_place ON kiosk (place);

-- A code is a key to one person's right, at one place's kiosks, for minutes.
-- One at a time: the key says so. What is over is deleted by whoever comes
-- next, and by shuffle_rights.
CREATE TABLE kiosk_code (
	round  text NOT NULL,
	person bytea NOT NULL CONSTRAINT kiosk_code_person CHECK (octet_length(person) = 32),
	ref    bytea NOT NULL CONSTRAINT kiosk_code_ref CHECK (octet_length(ref) = 32), -- keyed hash of the code
	place  bigint NOT NULL REFERENCES event,
	until  timestamptz NOT NULL,
	begun  boolean NOT NULL DEFAULT false, -- typed at a kiosk: from then on there is time to vote
	PRIMARY KEY (round, person),
	CONSTRAINT kiosk_code_once UNIQUE (round, ref)
);

-- Who looked whom up on which day. The person is named as in the audit log: an
-- auditor who has the pepper finds her, nobody who reads this does.
CREATE TABLE look_up (
	id       bigint PRIMARY KEY DEFAULT random_id(),
	round    text NOT NULL REFERENCES round,
	place    bigint NOT NULL REFERENCES event,
	account  bigint NOT NULL REFERENCES account,
	day      date NOT NULL,
	person   text NOT NULL,
	document text NOT NULL CONSTRAINT look_up_document CHECK (document IN ('passport', 'identity_card', 'driving_licence', 'residence_permit', 'other_document', 'no_document')),
	found    text NOT NULL CONSTRAINT look_up_found CHECK (found IN ('may_vote', 'used', 'not_on_roll', 'too_young', 'other_municipality', 'marked', 'undone')),
	code     boolean NOT NULL, -- was given
	reason   text CONSTRAINT look_up_reason CHECK ((found = 'undone') = (reason IS NOT NULL) AND reason IN ('spoiled', 'returned', 'mistake')) -- why a mark was taken back
);

-- Whom the help desk looked up on which day, and why; never what was found. The
-- hour and the reason in words stand in the audit log, and not whom it was.
CREATE TABLE desk_look_up (
	id      bigint PRIMARY KEY DEFAULT random_id(),
	round   text NOT NULL REFERENCES round,
	account bigint NOT NULL REFERENCES account,
	day     date NOT NULL,
	person  text NOT NULL,
	reason  text NOT NULL CONSTRAINT desk_look_up_reason CHECK (reason IN ('asked', 'asked_for', 'fault'))
);

-- What was done at a place in an hour: numbers alone.
CREATE TABLE place_hour (
	place bigint NOT NULL REFERENCES event,
	hour  timestamptz NOT NULL CONSTRAINT place_hour_whole CHECK (hour = date_trunc('hour', hour, 'UTC')),
	what  text NOT NULL CONSTRAINT place_hour_what CHECK (what IN ('look_up', 'code', 'kiosk', 'help_officer', 'help_own', 'help_interpreter', 'paper', 'spoiled', 'returned', 'mistake')),
	n     int NOT NULL CONSTRAINT place_hour_n CHECK (n > 0),
	PRIMARY KEY (place, hour, what)
);

-- Only a place takes officers, kiosks and codes, and only one that is announced
-- and not called off.
CREATE FUNCTION refuse_no_place() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	PERFORM FROM event WHERE id = NEW.place AND kind = 'voting' AND state = 'published' FOR SHARE;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'no voting place %', NEW.place USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'polling_place';
	END IF;
	RETURN NEW;
END $$;

CREATE TRIGGER officer_place BEFORE INSERT ON officer FOR EACH ROW EXECUTE FUNCTION refuse_no_place();

CREATE TRIGGER kiosk_place BEFORE INSERT ON kiosk FOR EACH ROW EXECUTE FUNCTION refuse_no_place();

CREATE TRIGGER kiosk_code_place BEFORE INSERT ON kiosk_code FOR EACH ROW EXECUTE FUNCTION refuse_no_place();

-- A place's account of its sheets of paper, when its ballot box has been
-- emptied: rights that were marked = sheets + marks taken back + sheets carried
-- away + a difference, which has a reason. Two officers sign the same numbers.
-- Whoever counts again adds a row; none is ever overwritten.
CREATE TABLE certificate (
	place      bigint NOT NULL REFERENCES event,
	number     int NOT NULL CONSTRAINT certificate_number CHECK (number > 0),
	day        date NOT NULL, -- on which the first signed
	marked     int NOT NULL,  -- rights marked as paper here, those taken back included
	undone     int NOT NULL,  -- of these
	sheets     int NOT NULL CONSTRAINT certificate_sheets CHECK (sheets >= 0), -- in the box, as the officers counted them
	taken_away int NOT NULL CONSTRAINT certificate_taken CHECK (taken_away >= 0),
	reason     text NOT NULL, -- of a difference
	first      bigint NOT NULL REFERENCES account,
	second     bigint REFERENCES account, -- null: not signed yet
	PRIMARY KEY (place, number),
	CONSTRAINT certificate_explained CHECK (marked = sheets + undone + taken_away OR reason <> ''),
	CONSTRAINT certificate_two CHECK (first <> second)
);

CREATE INDEX certificate_first ON certificate (first);

CREATE INDEX certificate_second ON certificate (second);

-- Who keys a batch of sheets in, the first and the second: never the same. What
-- they key in is not here. Reopening a batch begins another attempt, and
-- nothing of an earlier one is overwritten.
CREATE TABLE keyer (
	round   text NOT NULL REFERENCES round,
	batch   text NOT NULL,
	attempt int NOT NULL,
	part    int NOT NULL CONSTRAINT keyer_part CHECK (part IN (1, 2)),
	account bigint NOT NULL REFERENCES account,
	PRIMARY KEY (round, batch, attempt, part),
	CONSTRAINT keyer_two UNIQUE (round, batch, attempt, account)
);

CREATE INDEX keyer_account ON keyer (account);

CREATE FUNCTION sign_certificate_once() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	IF OLD.second IS NOT NULL THEN
		RAISE EXCEPTION 'the certificate is signed' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'certificate_signed';
	END IF;
	RETURN NEW;
END $$;

CREATE TRIGGER certificate_signed BEFORE UPDATE ON certificate FOR EACH ROW EXECUTE FUNCTION sign_certificate_once();

CREATE TRIGGER certificate_place BEFORE INSERT ON certificate FOR EACH ROW EXECUTE FUNCTION refuse_no_place();

GRANT SELECT, INSERT (place, number, day, marked, undone, sheets, taken_away, reason, first), UPDATE (second) ON certificate TO osbu_office;

-- The close of a vote has begun to count the rights that were spent on paper:
-- none is spent any more, or given back. Whoever does either holds the round.
CREATE TABLE paper_stopped (
	round text PRIMARY KEY REFERENCES round
);

GRANT SELECT, INSERT, DELETE ON paper_stopped TO osbu_office;

-- Takes back what was marked for a sheet of paper that is still in the voter's
-- hands: at the place that marked it, on its day, while the vote goes on. No
-- other right is ever given back; the trace stays.
CREATE FUNCTION undo_paper(of_round text, of_paper text, of_person bytea, at_place bigint, on_day date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	PERFORM FROM round WHERE id = of_round AND phase = 'voting' AND voting_closes > osbu_now() FOR SHARE;
	IF NOT FOUND OR EXISTS (SELECT FROM paper_stopped WHERE round = of_round) THEN
		RAISE EXCEPTION 'the vote of round % is not open', of_round USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'undo_paper_open';
	END IF;
	DELETE FROM spent_right WHERE round = of_round AND paper = of_paper AND person = of_person AND channel = 'paper'
		AND place = at_place AND day = on_day;
	RETURN FOUND;
END $$;

REVOKE EXECUTE ON FUNCTION undo_paper(text, text, bytea, bigint, date) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION undo_paper(text, text, bytea, bigint, date) TO osbu_office;

GRANT SELECT, INSERT ON keyer TO osbu_office;

GRANT SELECT, INSERT, DELETE, UPDATE (assigned) ON officer TO osbu_office;

GRANT SELECT, INSERT (place, name, enrolment, until, ends), UPDATE (enrolment, secret, revoked) ON kiosk TO osbu_office;

GRANT SELECT, INSERT (round, person, ref, place, until), DELETE, UPDATE (ref, place, until, begun) ON kiosk_code TO osbu_office;

GRANT SELECT, INSERT ON look_up, desk_look_up TO osbu_office;

GRANT SELECT, INSERT, UPDATE (n) ON place_hour TO osbu_office;
-- +goose StatementEnd
