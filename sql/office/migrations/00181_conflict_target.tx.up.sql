-- The proposals that a round's conflicts are about now: their members, and what these were merged into. Of a split proposal nobody can tell which part
-- conflicts, so that is noted anew.
CREATE FUNCTION conflict_targets(of text) RETURNS TABLE (conflict bigint, proposal bigint) LANGUAGE sql STABLE AS $$
	WITH RECURSIVE t (conflict, proposal) AS (
		SELECT m.conflict, m.proposal FROM conflict_member m WHERE m.round = of
		UNION SELECT t.conflict, l.target FROM t JOIN proposal_link l ON l.source = t.proposal AND l.kind = 'merge'
	) SELECT t.conflict, t.proposal FROM t
$$;
