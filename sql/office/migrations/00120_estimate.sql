-- +goose Up
-- +goose StatementBegin
-- What divisions' experts say of proposals. From the freeze on the database
-- itself refuses more of it.

-- Never changed, never deleted: the role may only add. Costs are whole euros,
-- in cents.
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

CREATE TRIGGER estimate_frozen BEFORE INSERT OR UPDATE OR DELETE ON estimate FOR EACH ROW EXECUTE FUNCTION refuse_after_freeze();

GRANT SELECT, INSERT ON estimate TO osbu_office;
-- +goose StatementEnd
