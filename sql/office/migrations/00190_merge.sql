-- +goose Up
-- +goose StatementBegin
-- Proposals that are made of others: merged into one, or split into several.
-- What they are made of is never changed by it: it only says where it went.

CREATE TABLE merge (
	id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	round      text NOT NULL REFERENCES round,
	kind       text NOT NULL CONSTRAINT merge_kind CHECK (kind IN ('merge', 'split')),
	stage      text NOT NULL CONSTRAINT merge_stage CHECK (stage IN ('asked', 'done', 'undone', 'dropped')),
	message    text NOT NULL CONSTRAINT merge_message_size CHECK (char_length(message) <= 2000), -- to the authors
	by         bigint REFERENCES account, -- null: it came with an import
	by_name    text NOT NULL,
	asked_at   timestamptz NOT NULL,
	answer_by  timestamptz NOT NULL,
	settled_at timestamptz,
	decided    text NOT NULL DEFAULT '' CONSTRAINT merge_decided_size CHECK (char_length(decided) <= 2000), -- of authors who were silent
	undone     jsonb,
	CONSTRAINT merge_settled CHECK ((stage = 'asked') = (settled_at IS NULL)),
	CONSTRAINT merge_undone_why CHECK ((stage = 'undone') = (coalesce(undone ->> 'fi', '') <> '' AND coalesce(undone ->> 'sv', '') <> '')),
	UNIQUE (id, round)
);

CREATE INDEX merge_asked ON merge (round, id) WHERE stage = 'asked';

CREATE TABLE merge_member (
	merge    bigint NOT NULL,
	round    text NOT NULL,
	proposal bigint NOT NULL REFERENCES proposal,
	membership text NOT NULL CONSTRAINT merge_member_membership CHECK (membership IN ('waiting', 'joined', 'absorbed', 'left', 'restored')),
	before   text, -- its state when it went
	PRIMARY KEY (merge, proposal),
	FOREIGN KEY (merge, round) REFERENCES merge (id, round),
	CONSTRAINT merge_member_before CHECK ((membership = 'waiting') = (before IS NULL))
);

CREATE INDEX merge_member_proposal ON merge_member (proposal);

-- Nobody is asked of one proposal twice at a time, and it goes to one place.
CREATE UNIQUE INDEX merge_member_waiting_once ON merge_member (proposal) WHERE membership = 'waiting';

CREATE UNIQUE INDEX merge_member_joined_once ON merge_member (proposal) WHERE membership = 'joined';

CREATE TABLE merge_part (
	merge     bigint NOT NULL,
	round     text NOT NULL,
	number    int NOT NULL,
	proposal  bigint REFERENCES proposal, -- null until it is made
	made      boolean NOT NULL,           -- by the merge; else one of its members
	swedish   jsonb,
	title     text NOT NULL,
	what      text NOT NULL,
	why       text NOT NULL,
	place     text NOT NULL,
	area      text,
	theme     text,
	latitude  double precision,
	longitude double precision,
	language  text NOT NULL,
	PRIMARY KEY (merge, number),
	FOREIGN KEY (merge, round) REFERENCES merge (id, round),
	CONSTRAINT merge_part_is CHECK (made OR proposal IS NOT NULL)
);

CREATE INDEX merge_part_proposal ON merge_part (proposal);

CREATE UNIQUE INDEX merge_part_made_once ON merge_part (proposal) WHERE made;

CREATE TABLE merge_consent (
	merge    bigint NOT NULL,
	round    text NOT NULL,
	proposal bigint NOT NULL,
	account  bigint NOT NULL REFERENCES account,
	name     text NOT NULL,
	answer   text CONSTRAINT merge_consent_answer CHECK (answer IN ('yes', 'no')),
	message  text NOT NULL DEFAULT '' CONSTRAINT merge_consent_message_size CHECK (char_length(message) <= 2000),
	basis    text CONSTRAINT merge_consent_basis CHECK (basis IN ('author', 'assisted', 'silence')),
	at       timestamptz,
	PRIMARY KEY (merge, proposal, account),
	FOREIGN KEY (merge, proposal) REFERENCES merge_member (merge, proposal),
	FOREIGN KEY (merge, round) REFERENCES merge (id, round),
	CONSTRAINT merge_consent_given CHECK ((answer IS NULL) = (basis IS NULL) AND (answer IS NULL) = (at IS NULL))
);

CREATE TRIGGER merge_frozen BEFORE INSERT OR UPDATE OR DELETE ON merge FOR EACH ROW EXECUTE FUNCTION refuse_after_freeze();

CREATE TRIGGER merge_member_frozen BEFORE INSERT OR UPDATE OR DELETE ON merge_member FOR EACH ROW EXECUTE FUNCTION refuse_after_freeze();

CREATE TRIGGER merge_part_frozen BEFORE INSERT OR UPDATE OR DELETE ON merge_part FOR EACH ROW EXECUTE FUNCTION refuse_after_freeze();

CREATE TRIGGER merge_consent_frozen BEFORE INSERT OR UPDATE OR DELETE ON merge_consent FOR EACH ROW EXECUTE FUNCTION refuse_after_freeze();

CREATE FUNCTION stays_in_its_round() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	IF (SELECT round FROM proposal WHERE id = NEW.proposal) <> NEW.round THEN
		RAISE EXCEPTION 'a proposal is joined with others of its round' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'merge_round';
	END IF;
	RETURN NEW;
END $$;

CREATE TRIGGER merge_member_round BEFORE INSERT OR UPDATE ON merge_member FOR EACH ROW EXECUTE FUNCTION stays_in_its_round();

CREATE TRIGGER merge_part_round BEFORE INSERT OR UPDATE ON merge_part FOR EACH ROW WHEN (NEW.proposal IS NOT NULL) EXECUTE FUNCTION stays_in_its_round();

CREATE FUNCTION refuse_other_consent() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	IF OLD.answer IS NOT NULL AND to_jsonb(OLD) <> to_jsonb(NEW) THEN
		RAISE EXCEPTION 'an author answers once' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'merge_answered_once';
	END IF;
	RETURN NEW;
END $$;

CREATE TRIGGER merge_answered_once BEFORE UPDATE ON merge_consent FOR EACH ROW EXECUTE FUNCTION refuse_other_consent();

-- Where proposals went, as it stands now.
CREATE VIEW proposal_link AS
SELECT m.proposal AS source, p.proposal AS target, g.kind
FROM merge g JOIN merge_member m ON m.merge = g.id JOIN merge_part p ON p.merge = g.id
WHERE g.stage = 'done' AND m.membership = 'joined' AND p.proposal IS NOT NULL;

-- A proposal and all that it is made of; those that it was split from only
-- where asked. PL/pgSQL keeps the plan, which in a function in SQL with a
-- search path of its own is made for every call.
CREATE FUNCTION proposal_sources(made bigint, split boolean) RETURNS SETOF bigint LANGUAGE plpgsql STABLE ROWS 3
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	RETURN QUERY WITH RECURSIVE s (id) AS (
		SELECT made UNION SELECT l.source FROM s JOIN proposal_link l ON l.target = s.id WHERE split OR l.kind = 'merge'
	) SELECT id FROM s;
END
$$;

-- asked → done → undone, or asked → dropped. What is done is whole: all parts
-- are there, nobody waits, enough went in, and no proposal goes in a circle.
CREATE FUNCTION merge_goes_on() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
	joined int;
	absorbed int;
BEGIN
	IF OLD.stage <> NEW.stage AND (OLD.stage, NEW.stage) NOT IN (('asked', 'done'), ('asked', 'dropped'), ('done', 'undone')) THEN
		RAISE EXCEPTION 'merge % is %', OLD.id, OLD.stage USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'merge_stage_order';
	END IF;
	IF NEW.stage <> 'asked' AND EXISTS (SELECT FROM merge_member WHERE merge = NEW.id AND membership = 'waiting') THEN
		RAISE EXCEPTION 'a proposal of merge % waits', NEW.id USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'merge_whole';
	END IF;
	IF NEW.stage = 'done' THEN
		SELECT count(*) FILTER (WHERE membership = 'joined'), count(*) FILTER (WHERE membership = 'absorbed') INTO joined, absorbed FROM merge_member WHERE merge = NEW.id;
		IF joined < 1 OR NEW.kind = 'merge' AND joined + absorbed < 2 OR EXISTS (SELECT FROM merge_part WHERE merge = NEW.id AND proposal IS NULL)
			OR NOT EXISTS (SELECT FROM merge_part WHERE merge = NEW.id) THEN
			RAISE EXCEPTION 'merge % is not whole', NEW.id USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'merge_whole';
		END IF;
		IF EXISTS (SELECT FROM merge_member m, merge_part p, proposal_sources(m.proposal, true) AS s
			WHERE m.merge = NEW.id AND m.membership = 'joined' AND p.merge = NEW.id AND s = p.proposal) THEN
			RAISE EXCEPTION 'merge % leads in a circle', NEW.id USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'merge_circle';
		END IF;
	END IF;
	RETURN NULL;
END $$;

CREATE FUNCTION merge_begins() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	RAISE EXCEPTION 'a merge begins with asking' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'merge_stage_order';
END $$;

CREATE TRIGGER merge_begins BEFORE INSERT ON merge FOR EACH ROW WHEN (NEW.stage <> 'asked') EXECUTE FUNCTION merge_begins();

CREATE TRIGGER merge_member_begins BEFORE INSERT ON merge_member FOR EACH ROW WHEN (NEW.membership <> 'waiting') EXECUTE FUNCTION merge_begins();

CREATE TRIGGER merge_goes_on AFTER UPDATE ON merge FOR EACH ROW EXECUTE FUNCTION merge_goes_on();

-- Merged and split are exactly those that have gone somewhere, as soon as the
-- transaction ends.
CREATE FUNCTION merged_has_joined() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
	of bigint := to_jsonb(NEW) ->> CASE WHEN TG_TABLE_NAME = 'proposal' THEN 'id' ELSE 'proposal' END;
BEGIN
	IF (SELECT state IN ('merged', 'split') FROM proposal WHERE id = of) <> EXISTS (SELECT FROM merge_member WHERE proposal = of AND membership = 'joined') THEN
		RAISE EXCEPTION 'proposal % says otherwise than its merge', of USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'proposal_merged';
	END IF;
	RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER proposal_merged AFTER UPDATE OF state ON proposal DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
	WHEN (OLD.state IN ('merged', 'split') OR NEW.state IN ('merged', 'split')) EXECUTE FUNCTION merged_has_joined();

CREATE CONSTRAINT TRIGGER proposal_merged AFTER UPDATE OF membership ON merge_member DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
	WHEN (OLD.membership = 'joined' OR NEW.membership = 'joined') EXECUTE FUNCTION merged_has_joined();

GRANT SELECT, INSERT ON merge, merge_member, merge_part, merge_consent TO osbu_office;

GRANT SELECT ON proposal_link TO osbu_office;

GRANT UPDATE (stage, settled_at, decided, undone) ON merge TO osbu_office;

GRANT UPDATE (membership, before) ON merge_member TO osbu_office;

GRANT UPDATE (proposal) ON merge_part TO osbu_office;

GRANT UPDATE (answer, message, basis, at) ON merge_consent TO osbu_office;
-- +goose StatementEnd
