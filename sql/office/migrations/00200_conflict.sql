-- +goose Up
-- +goose StatementBegin
-- Proposals of which only one can be carried out, with a public reason; they go
-- frozen into the manifest.
CREATE TABLE conflict (
	id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	round   text NOT NULL REFERENCES round,
	reason  jsonb NOT NULL CONSTRAINT conflict_reasoned CHECK (coalesce(reason ->> 'fi', '') <> '' AND coalesce(reason ->> 'sv', '') <> ''),
	by      bigint NOT NULL REFERENCES account,
	by_name text NOT NULL,
	at      timestamptz NOT NULL,
	UNIQUE (id, round)
);

CREATE TABLE conflict_member (
	conflict bigint NOT NULL,
	round    text NOT NULL,
	proposal bigint NOT NULL REFERENCES proposal,
	PRIMARY KEY (conflict, proposal),
	FOREIGN KEY (conflict, round) REFERENCES conflict (id, round) ON DELETE CASCADE
);

CREATE INDEX conflict_member_proposal ON conflict_member (proposal);

CREATE INDEX conflict_round ON conflict (round);

CREATE TRIGGER conflict_frozen BEFORE INSERT OR UPDATE OR DELETE ON conflict FOR EACH ROW EXECUTE FUNCTION refuse_after_freeze();

CREATE TRIGGER conflict_member_frozen BEFORE INSERT OR UPDATE OR DELETE ON conflict_member FOR EACH ROW EXECUTE FUNCTION refuse_after_freeze();

CREATE TRIGGER conflict_member_round BEFORE INSERT ON conflict_member FOR EACH ROW EXECUTE FUNCTION stays_in_its_round();

GRANT SELECT, INSERT, DELETE ON conflict, conflict_member TO osbu_office;

-- The proposals that a round's conflicts are about now: their members, and what
-- these were merged into. Of a split proposal nobody can tell which part
-- conflicts, so that is noted anew. PL/pgSQL keeps the plan.
CREATE FUNCTION conflict_targets(of text) RETURNS TABLE (conflict bigint, proposal bigint) LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY WITH RECURSIVE t (conflict, proposal) AS (
		SELECT m.conflict, m.proposal FROM conflict_member m WHERE m.round = of
		UNION SELECT t.conflict, l.target FROM t JOIN proposal_link l ON l.source = t.proposal AND l.kind = 'merge'
	) SELECT t.conflict, t.proposal FROM t;
END
$$;
-- +goose StatementEnd
