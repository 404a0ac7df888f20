-- What divisions' experts say of proposals. From the freeze on the database itself refuses more of it.

ALTER TABLE session ADD COLUMN divisions text[] NOT NULL DEFAULT '{}';
--bun:split
ALTER TABLE desk ADD COLUMN divisions jsonb; -- null: the standard ones
--bun:split
GRANT UPDATE (divisions) ON desk TO osbu_office;
--bun:split
ALTER TABLE note
	ADD COLUMN division text NOT NULL DEFAULT '', -- to which the proposal was sent
	DROP CONSTRAINT note_says_something,
	ADD CONSTRAINT note_says_something CHECK (to_whom IS NULL OR assigned),
	ADD CONSTRAINT note_says_anything CHECK (assigned OR division <> '' OR text <> '');
--bun:split
ALTER TABLE proposal
	ADD COLUMN division    text, -- null: it was sent to none
	ADD COLUMN estimate_by timestamptz,
	ADD COLUMN estimation  text NOT NULL DEFAULT '' CONSTRAINT proposal_estimation CHECK (estimation IN ('', 'waiting', 'unpublished', 'given')),
	ADD COLUMN estimates   int NOT NULL DEFAULT 0,
	ADD CONSTRAINT proposal_division CHECK ((division IS NULL) = (estimation = '') AND (division IS NULL) = (estimate_by IS NULL));
--bun:split
CREATE INDEX proposal_division ON proposal (round, division, id) WHERE division IS NOT NULL;
--bun:split
GRANT UPDATE (division, estimate_by, estimation, estimates) ON proposal TO osbu_office;
--bun:split
-- Never changed, never deleted: the role may only add. Costs are whole euros, in cents.
CREATE TABLE estimate (
	proposal      bigint NOT NULL REFERENCES proposal,
	number        int NOT NULL CONSTRAINT estimate_counts CHECK (number >= 1),
	round         text NOT NULL REFERENCES round,
	at            timestamptz NOT NULL,
	by            bigint NOT NULL REFERENCES account,
	by_name       text NOT NULL,
	division      text NOT NULL,
	division_name jsonb NOT NULL,
	competence    text NOT NULL CONSTRAINT estimate_competence CHECK (competence IN ('city', 'not_city', 'forward')),
	forward       text NOT NULL,
	feasibility   text NOT NULL CONSTRAINT estimate_feasibility CHECK (feasibility IN ('', 'feasible', 'with_changes', 'not_feasible')),
	class         text NOT NULL,
	minimum       bigint,
	maximum       bigint,
	maintenance   bigint,
	reasons       jsonb NOT NULL,
	note          text NOT NULL CONSTRAINT estimate_note_size CHECK (char_length(note) <= 2000),
	published     boolean NOT NULL,
	PRIMARY KEY (proposal, number),
	CONSTRAINT estimate_forwarded CHECK ((competence = 'forward') = (forward <> '') AND forward <> division AND NOT (competence = 'forward' AND published)),
	CONSTRAINT estimate_judged CHECK ((competence = 'city') = (feasibility <> '')),
	CONSTRAINT estimate_costed CHECK ((feasibility IN ('feasible', 'with_changes')) = (maximum IS NOT NULL)),
	CONSTRAINT estimate_cost CHECK ((minimum IS NULL) = (maximum IS NULL) AND (minimum IS NULL) = (maintenance IS NULL)
		AND 0 <= minimum AND minimum <= maximum AND maximum > 0 AND 0 <= maintenance AND maintenance <= 9007199254740991 - maximum
		AND minimum % 100 = 0 AND maximum % 100 = 0 AND maintenance % 100 = 0),
	CONSTRAINT estimate_reasoned CHECK (NOT (published OR competence = 'not_city' OR feasibility = 'not_feasible')
		OR coalesce(reasons ->> 'fi', '') <> '' AND coalesce(reasons ->> 'sv', '') <> '')
);
--bun:split
CREATE TRIGGER estimate_frozen BEFORE INSERT OR UPDATE OR DELETE ON estimate FOR EACH ROW EXECUTE FUNCTION refuse_after_freeze();
--bun:split
GRANT SELECT, INSERT ON estimate TO osbu_office;
--bun:split
-- Which steps there are is the domain's to say; several features add theirs, in no order.
ALTER TABLE proposal_version
	DROP CONSTRAINT proposal_version_action,
	ADD CONSTRAINT proposal_version_action CHECK (action ~ '^[a-z_]{1,40}$');
