-- +goose Up
-- +goose StatementBegin
-- Rounds, what they consist of, and the audit log. From the freeze on the
-- database itself refuses to change rules, areas, pots and papers. The server's
-- role may change only the columns that it has a reason to change, here as in
-- every file.

-- Asked first, because an owner who may not create roles may still migrate
-- where the administrator made this one.
DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'osbu_office') THEN CREATE ROLE osbu_office NOLOGIN; END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;

GRANT USAGE ON SCHEMA public TO osbu_office;

-- A table in a session's own schema is found before ours by whatever does not
-- name the schema. The server's role may make none; the owner may, and does in
-- the functions that write tables anew in random order.
DO $$ BEGIN
	EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC, osbu_office', current_database());
	IF has_database_privilege('osbu_office', current_database(), 'TEMPORARY') THEN
		RAISE EXCEPTION 'osbu_office may make temporary tables in %: the database''s owner has to revoke that', current_database();
	END IF;
	IF NOT has_database_privilege(current_database(), 'TEMPORARY') THEN
		RAISE EXCEPTION '% may make no temporary tables in %, but has to: the database''s owner has to grant that', current_user, current_database();
	END IF;
END $$;

-- The clock that decides what is open. A function, so that a test can let time
-- stand still.
CREATE FUNCTION osbu_now() RETURNS timestamptz LANGUAGE sql VOLATILE
SET search_path = pg_catalog, public, pg_temp AS $$ SELECT clock_timestamp() $$;

CREATE TABLE round (
	id                  text PRIMARY KEY CONSTRAINT round_address CHECK (id ~ '^[a-z0-9][a-z0-9-]{0,59}$'),
	name                jsonb NOT NULL,
	phase               text NOT NULL DEFAULT 'draft' CONSTRAINT round_phase CHECK (phase IN
		('draft', 'proposing', 'vetting', 'frozen', 'voting', 'closed', 'counted', 'confirmed', 'delivering', 'archived')),
	proposing_opens     timestamptz NOT NULL,
	proposing_closes    timestamptz NOT NULL,
	vetting_opens       timestamptz NOT NULL,
	vetting_closes      timestamptz NOT NULL,
	voting_opens        timestamptz NOT NULL,
	voting_closes       timestamptz NOT NULL,
	rule                jsonb NOT NULL,
	age                 int NOT NULL CONSTRAINT round_age CHECK (age BETWEEN 0 AND 100),
	moment              text NOT NULL CONSTRAINT round_moment CHECK (moment IN ('voting', 'calendar-year')),
	municipalities      text[] NOT NULL,
	reserve_maintenance boolean NOT NULL,
	final_ballots       boolean NOT NULL,
	languages           text[] NOT NULL DEFAULT '{}' CONSTRAINT round_languages CHECK (languages <@ '{fi,sv,en}'), -- that the ballot promises; empty: all
	four_eyes           boolean NOT NULL DEFAULT false, -- the great steps are confirmed by a second official
	rehearsal           boolean NOT NULL,
	created_at          timestamptz NOT NULL DEFAULT osbu_now(),
	freeze_decision     text NOT NULL DEFAULT '',
	confirm_decision    text NOT NULL DEFAULT '',
	copies_destroyed    text NOT NULL DEFAULT '', -- the city's statement at the publication
	openings_from       int NOT NULL CONSTRAINT round_openings_from CHECK (openings_from >= 0), -- ballots that an area must have for its single ballots to be published
	trustees            int NOT NULL DEFAULT 0 CONSTRAINT round_trustees CHECK (trustees >= 0), -- who hold the key to sealed ballots; 0: ballots are not sealed
	trustees_needed     int NOT NULL DEFAULT 0 CONSTRAINT round_trustees_needed CHECK (trustees_needed BETWEEN least(trustees, 1) AND trustees),
	source              text NOT NULL DEFAULT '' CONSTRAINT round_source CHECK (source IN ('', 'decidim')), -- the service that it was held in; empty: this one
	CONSTRAINT round_windows CHECK (proposing_opens < proposing_closes AND vetting_opens < vetting_closes AND voting_opens < voting_closes
		AND proposing_opens <= vetting_opens AND vetting_closes <= voting_opens),
	CONSTRAINT round_freeze_decided CHECK (phase IN ('draft', 'proposing', 'vetting') OR freeze_decision <> '' OR source <> ''),
	CONSTRAINT round_confirm_decided CHECK (phase IN ('draft', 'proposing', 'vetting', 'frozen', 'voting', 'closed', 'counted') OR confirm_decision <> '' OR source <> ''),
	CONSTRAINT round_copies_destroyed CHECK (phase NOT IN ('delivering', 'archived') OR rehearsal OR copies_destroyed <> '' OR source <> ''),
	CONSTRAINT round_held_elsewhere CHECK (source = '' OR phase IN ('draft', 'delivering', 'archived')) -- nobody votes in it here
);

CREATE TABLE area (
	round        text NOT NULL REFERENCES round ON DELETE CASCADE,
	id           text NOT NULL CONSTRAINT area_address CHECK (id ~ '^[a-z0-9][a-z0-9-]{0,59}$'),
	position     int NOT NULL,
	name         jsonb NOT NULL,
	pot          bigint NOT NULL CONSTRAINT area_pot CHECK (pot >= 0),
	population   int NOT NULL CONSTRAINT area_population CHECK (population >= 0),
	citywide     boolean NOT NULL,
	postal_codes text[] NOT NULL,
	rule         jsonb, -- null: the round's
	PRIMARY KEY (round, id)
);

CREATE TABLE paper (
	round    text NOT NULL REFERENCES round ON DELETE CASCADE,
	id       text NOT NULL CONSTRAINT paper_address CHECK (id ~ '^[a-z0-9][a-z0-9-]{0,59}$'),
	position int NOT NULL,
	name     jsonb NOT NULL,
	areas    text[] NOT NULL,
	form     text NOT NULL CONSTRAINT paper_form CHECK (form IN ('approval', 'knapsack', 'points', 'ranking')),
	min      int NOT NULL,
	max      int NOT NULL,
	blank    boolean NOT NULL,
	points      int NOT NULL, -- how many there are to give, 0 on papers without points; and
	points_each int NOT NULL, -- the most for one project
	points_all  boolean NOT NULL, -- all must be given
	PRIMARY KEY (round, id),
	CONSTRAINT paper_picks CHECK (0 <= min AND min <= max AND max >= 1),
	CONSTRAINT paper_points CHECK (CASE form WHEN 'points' THEN min <= points AND 1 <= points_each AND points_each <= points
		ELSE points = 0 AND points_each = 0 AND NOT points_all END)
);

CREATE TABLE theme (
	round    text NOT NULL REFERENCES round ON DELETE CASCADE,
	id       text NOT NULL,
	position int NOT NULL,
	name     jsonb NOT NULL,
	PRIMARY KEY (round, id)
);

-- Before a row of a round's ballot changes: is the round still to be frozen?
-- The row lock makes a freeze in flight wait or be waited for.
CREATE FUNCTION refuse_after_freeze() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
	of_round text := CASE WHEN TG_OP = 'DELETE' THEN OLD.round ELSE NEW.round END;
	now_in text;
BEGIN
	SELECT phase INTO now_in FROM round WHERE id = of_round FOR SHARE;
	IF now_in NOT IN ('draft', 'proposing', 'vetting') THEN
		RAISE EXCEPTION 'round % is frozen', of_round USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'round_frozen';
	END IF;
	IF TG_OP = 'UPDATE' AND OLD.round <> NEW.round THEN
		RAISE EXCEPTION 'a row stays in its round' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'round_frozen';
	END IF;
	RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER area_frozen BEFORE INSERT OR UPDATE OR DELETE ON area FOR EACH ROW EXECUTE FUNCTION refuse_after_freeze();

CREATE TRIGGER paper_frozen BEFORE INSERT OR UPDATE OR DELETE ON paper FOR EACH ROW EXECUTE FUNCTION refuse_after_freeze();

CREATE TRIGGER theme_frozen BEFORE INSERT OR UPDATE OR DELETE ON theme FOR EACH ROW EXECUTE FUNCTION refuse_after_freeze();

CREATE FUNCTION round_begins() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	IF NEW.phase <> 'draft' THEN
		RAISE EXCEPTION 'a round begins as a draft' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'round_phase_order';
	END IF;
	RETURN NEW;
END $$;

CREATE TRIGGER round_begins BEFORE INSERT ON round FOR EACH ROW EXECUTE FUNCTION round_begins();

CREATE FUNCTION round_moves_forward() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
	phases text[] := ARRAY['draft', 'proposing', 'vetting', 'frozen', 'voting', 'closed', 'counted', 'confirmed', 'delivering', 'archived'];
BEGIN
	-- A round that another service held comes finished.
	IF array_position(phases, NEW.phase) NOT IN (array_position(phases, OLD.phase), array_position(phases, OLD.phase) + 1)
		AND NOT (OLD.source <> '' AND OLD.phase = 'draft' AND NEW.phase = 'delivering') THEN
		RAISE EXCEPTION 'a round goes one phase forward at a time' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'round_phase_order';
	END IF;
	IF OLD.phase NOT IN ('draft', 'proposing', 'vetting') AND
		(OLD.id, OLD.name, OLD.rule, OLD.age, OLD.moment, OLD.municipalities, OLD.reserve_maintenance, OLD.final_ballots, OLD.rehearsal, OLD.freeze_decision)
		IS DISTINCT FROM
		(NEW.id, NEW.name, NEW.rule, NEW.age, NEW.moment, NEW.municipalities, NEW.reserve_maintenance, NEW.final_ballots, NEW.rehearsal, NEW.freeze_decision) THEN
		RAISE EXCEPTION 'round % is frozen', OLD.id USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'round_frozen';
	END IF;
	IF OLD.phase NOT IN ('draft', 'proposing', 'vetting', 'frozen', 'voting') AND
		(OLD.proposing_opens, OLD.proposing_closes, OLD.vetting_opens, OLD.vetting_closes, OLD.voting_opens, OLD.voting_closes)
		IS DISTINCT FROM
		(NEW.proposing_opens, NEW.proposing_closes, NEW.vetting_opens, NEW.vetting_closes, NEW.voting_opens, NEW.voting_closes) THEN
		RAISE EXCEPTION 'the vote of round % is closed', OLD.id USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'round_frozen';
	END IF;
	IF OLD.copies_destroyed <> '' AND OLD.copies_destroyed <> NEW.copies_destroyed THEN
		RAISE EXCEPTION 'round % is published', OLD.id USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'round_frozen';
	END IF;
	-- Nobody takes a great step alone, nor what keeps her from it away.
	IF OLD.four_eyes AND (NOT NEW.four_eyes AND OLD.phase <> 'draft' OR NEW.phase <> OLD.phase
		AND NEW.phase IN ('frozen', 'closed', 'confirmed', 'delivering')
		AND NOT EXISTS (SELECT FROM asked_step WHERE round = OLD.id)) THEN
		RAISE EXCEPTION 'a second official confirms the steps of round %', OLD.id USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'round_four_eyes';
	END IF;
	-- Another number of the decision comes from a correction alone, the audit
	-- log's last entry.
	IF OLD.confirm_decision <> '' AND OLD.confirm_decision <> NEW.confirm_decision AND NOT EXISTS (
		SELECT FROM (SELECT action, details FROM audit WHERE round = OLD.id ORDER BY seq DESC LIMIT 1) AS last
		WHERE action = 'correction' AND details::jsonb @> jsonb_build_object('from', OLD.confirm_decision, 'decision', NEW.confirm_decision)) THEN
		RAISE EXCEPTION 'round % is confirmed', OLD.id USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'round_frozen';
	END IF;
	RETURN NEW;
END $$;

CREATE TRIGGER round_forward BEFORE UPDATE ON round FOR EACH ROW EXECUTE FUNCTION round_moves_forward();

CREATE FUNCTION openings_stay() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	RAISE EXCEPTION 'round % is frozen', OLD.id USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'round_frozen';
END $$;

CREATE TRIGGER openings_stay BEFORE UPDATE ON round FOR EACH ROW
	WHEN (OLD.phase NOT IN ('draft', 'proposing', 'vetting') AND (OLD.openings_from, OLD.trustees, OLD.trustees_needed, OLD.four_eyes, OLD.languages) <> (NEW.openings_from, NEW.trustees, NEW.trustees_needed, NEW.four_eyes, NEW.languages)) EXECUTE FUNCTION openings_stay();

CREATE FUNCTION only_drafts_go() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	IF OLD.phase <> 'draft' THEN
		RAISE EXCEPTION 'round % is no draft any more', OLD.id USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'round_draft_only';
	END IF;
	RETURN OLD;
END $$;

CREATE TRIGGER only_drafts_go BEFORE DELETE ON round FOR EACH ROW EXECUTE FUNCTION only_drafts_go();

GRANT SELECT, INSERT, DELETE ON round TO osbu_office;

GRANT UPDATE (name, rehearsal, phase, proposing_opens, proposing_closes, vetting_opens, vetting_closes, voting_opens, voting_closes, rule, age, moment,
	municipalities, reserve_maintenance, final_ballots, freeze_decision, confirm_decision, copies_destroyed, openings_from, trustees, trustees_needed, four_eyes, languages) ON round TO osbu_office;

GRANT SELECT, INSERT, UPDATE, DELETE ON area, paper, theme TO osbu_office;

-- The audit log: one hash chain per round, entries are never changed.
-- domain/round/audit.go recomputes the same hash. The log of a draft that was
-- deleted stays, and goes on if another round gets its address.
CREATE TABLE audit (
	round    text NOT NULL,
	seq      bigint NOT NULL,
	at       timestamptz NOT NULL,
	actor    text NOT NULL, -- a staff account or a command; never a resident's name or code
	action   text NOT NULL,
	reason   text NOT NULL,
	details  text NOT NULL, -- JSON, kept as text because the hash is over its bytes
	salt     bytea NOT NULL, -- random, so that nobody can guess who and why from what is published
	previous bytea NOT NULL,
	hash     bytea NOT NULL,
	PRIMARY KEY (round, seq)
);

CREATE FUNCTION netstrings_hash(VARIADIC words text[]) RETURNS bytea LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, public, pg_temp AS $$
	SELECT sha256(convert_to(string_agg(octet_length(w) || ':' || w || ',', '' ORDER BY n), 'UTF8'))
	FROM unnest(words) WITH ORDINALITY AS x (w, n)
$$;

CREATE FUNCTION chain_audit() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
	last audit%ROWTYPE;
BEGIN
	PERFORM pg_advisory_xact_lock(hashtextextended('audit ' || NEW.round, 0));
	SELECT * INTO last FROM audit WHERE round = NEW.round ORDER BY seq DESC LIMIT 1;
	NEW.seq := coalesce(last.seq, 0) + 1;
	NEW.at := date_trunc('microseconds', osbu_now());
	NEW.previous := coalesce(last.hash, decode(repeat('00', 32), 'hex'));
	NEW.salt := uuid_send(gen_random_uuid());
	NEW.hash := netstrings_hash(
		encode(netstrings_hash('osbu/audit/v2', NEW.round, NEW.seq::text,
			to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), NEW.action, NEW.details,
			encode(netstrings_hash(encode(NEW.salt, 'hex'), NEW.actor, NEW.reason), 'hex')), 'hex'),
		encode(NEW.previous, 'hex'));
	RETURN NEW;
END $$;

CREATE TRIGGER audit_chain BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION chain_audit();

-- A correction of the decision that confirmed the result is its entry: the
-- round's number follows it, and there is no entry that it does not follow.
CREATE FUNCTION correct_decision() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
	said jsonb := NEW.details::jsonb;
BEGIN
	UPDATE round SET confirm_decision = said ->> 'decision'
	WHERE id = NEW.round AND phase IN ('confirmed', 'delivering', 'archived') AND said ->> 'corrects' = 'confirm'
		AND confirm_decision = said ->> 'from' AND said ->> 'decision' NOT IN ('', confirm_decision) AND said ->> 'reason' <> '';
	IF NOT FOUND THEN
		RAISE EXCEPTION 'this corrects no decision of round %', NEW.round USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'audit_correction';
	END IF;
	RETURN NULL;
END $$;

CREATE TRIGGER audit_correction AFTER INSERT ON audit FOR EACH ROW WHEN (NEW.action = 'correction') EXECUTE FUNCTION correct_decision();

GRANT SELECT, INSERT ON audit TO osbu_office;
-- +goose StatementEnd
