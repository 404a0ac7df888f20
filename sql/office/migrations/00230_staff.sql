-- +goose Up
-- +goose StatementBegin
-- Who works for the city, as of the latest sign-in, and what waits for whom:
-- read by counters and by e-mails to staff. Somebody who works for it no more
-- is gone from here.

CREATE TABLE staff (
	account     bigint PRIMARY KEY REFERENCES account,
	roles       text[] NOT NULL,
	areas       text[] NOT NULL,
	divisions   text[] NOT NULL,
	seen_at     timestamptz NOT NULL DEFAULT osbu_now(),
	told_at     timestamptz NOT NULL DEFAULT osbu_now(), -- what came later has not been told of
	told_before timestamptz NOT NULL DEFAULT osbu_now()  -- the same for the e-mail before
);

-- Who gets the e-mails about somebody's work, too, while she is away. It gives
-- no rights. When it was whom else, the rounds' audit logs tell.
CREATE TABLE stand_in (
	account   bigint PRIMARY KEY REFERENCES account, -- who is away
	stands_in bigint NOT NULL REFERENCES account,
	from_day  date NOT NULL,
	to_day    date NOT NULL,
	CONSTRAINT stand_in_another CHECK (stands_in <> account),
	CONSTRAINT stand_in_days CHECK (from_day <= to_day)
);

GRANT SELECT, INSERT, DELETE, UPDATE (stands_in, from_day, to_day) ON stand_in TO osbu_office;

GRANT SELECT, INSERT, DELETE, UPDATE (roles, areas, divisions, seen_at, told_at, told_before) ON staff TO osbu_office;

-- What waits for somebody in the rounds whose proposals are decided, or in one
-- of them, and how much of it has come since a moment. No areas (null) are all
-- of them.
CREATE FUNCTION work_of(who bigint, of_areas text[], of_divisions text[], since timestamptz, in_round text)
RETURNS TABLE (kind text, waiting bigint, fresh bigint) LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp AS $$
	WITH open AS (
		SELECT id FROM round WHERE phase IN ('proposing', 'vetting') AND (in_round IS NULL OR id = in_round)
	), mine AS (
		SELECT p.* FROM proposal p JOIN open ON open.id = p.round
		WHERE p.submitted_at IS NOT NULL AND p.state IN ('submitted', 'in_evaluation', 'needs_information', 'appealed')
			AND (of_areas IS NULL OR p.area = ANY (of_areas))
			AND NOT EXISTS (SELECT FROM author a WHERE a.proposal = p.id AND a.account = who)
	), work AS (
		SELECT CASE
				WHEN state = 'appealed' THEN 'appealed'
				WHEN state = 'submitted' AND question <> '' THEN 'answered'
				WHEN state = 'submitted' THEN 'new'
				WHEN state = 'in_evaluation' AND estimation = 'given' THEN 'estimated'
				WHEN state = 'needs_information' AND answer_by <= osbu_now() THEN 'unanswered'
			END AS kind,
			CASE state WHEN 'needs_information' THEN answer_by ELSE updated_at END AS at
		FROM mine
		UNION ALL
		SELECT 'handed_over', n.at FROM mine JOIN LATERAL (
			SELECT at, by FROM note WHERE note.proposal = mine.id AND note.assigned AND note.to_whom = who ORDER BY id DESC LIMIT 1
		) n ON n.by <> who WHERE mine.facilitator = who AND mine.state = 'submitted'
		UNION ALL
		SELECT CASE WHEN p.estimate_by <= osbu_now() THEN 'estimate_late' ELSE 'to_estimate' END,
			CASE WHEN p.estimate_by <= osbu_now() THEN p.estimate_by
				ELSE coalesce((SELECT max(at) FROM note WHERE note.proposal = p.id AND note.division = p.division), p.updated_at) END
		FROM proposal p JOIN open ON open.id = p.round WHERE p.division = ANY (of_divisions) AND p.estimation = 'waiting'
			AND p.state IN ('in_evaluation', 'appealed')
		UNION ALL
		SELECT 'untranslated', NULL FROM proposal p JOIN open ON open.id = p.round
		WHERE p.state IN ('accepted', 'on_ballot') AND p.swedish IS NULL AND (of_areas IS NULL OR p.area = ANY (of_areas))
			AND NOT EXISTS (SELECT FROM project j WHERE j.proposal = p.id AND coalesce(j.title ->> 'fi', '') <> ''
				AND coalesce(j.title ->> 'sv', '') <> '')
		UNION ALL
		SELECT 'enquiry', e.at FROM enquiry e JOIN open ON open.id = e.round
		WHERE e.answered_at IS NULL AND (of_areas IS NULL OR e.area IS NULL AND of_areas <> '{}' OR e.area = ANY (of_areas))
		UNION ALL
		SELECT 'reported', min(t.at) FROM comment_report t JOIN comment c ON c.id = t.comment JOIN proposal p ON p.id = c.proposal
			JOIN open ON open.id = p.round
		WHERE NOT t.settled AND c.hidden IS NULL AND (of_areas IS NULL OR p.area = ANY (of_areas))
		GROUP BY c.id
	)
	SELECT kind, count(*), count(*) FILTER (WHERE at > since) FROM work WHERE kind IS NOT NULL GROUP BY kind
$$;
-- +goose StatementEnd
