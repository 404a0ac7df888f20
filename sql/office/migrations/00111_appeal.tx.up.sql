-- A question has a deadline; a rejection can be answered once, and another person then decides. A decision's public text stays in the history.
ALTER TABLE proposal
	ADD COLUMN answer_by timestamptz,
	ADD COLUMN appeal text NOT NULL DEFAULT '' CONSTRAINT proposal_appeal_size CHECK (char_length(appeal) <= 5000),
	ADD COLUMN rejected_by bigint REFERENCES account,
	DROP CONSTRAINT proposal_state,
	DROP CONSTRAINT proposal_reasoned,
	ADD CONSTRAINT proposal_state CHECK (state IN ('draft', 'submitted', 'in_evaluation', 'needs_information',
		'accepted', 'rejected', 'appealed', 'withdrawn', 'on_ballot', 'selected', 'not_selected')),
	ADD CONSTRAINT proposal_reasoned CHECK (state = 'withdrawn' OR (state IN ('rejected', 'appealed')) = (reason <> '')
		AND (state NOT IN ('rejected', 'appealed') OR coalesce(answer ->> 'fi', '') <> '' AND coalesce(answer ->> 'sv', '') <> ''));
--bun:split
-- Who rejected before there were appeals is in the history, in frozen rounds too. A question asked before there were deadlines has none.
ALTER TABLE proposal DISABLE TRIGGER proposal_frozen;
--bun:split
UPDATE proposal p SET rejected_by = v.by FROM proposal_version v
WHERE p.state = 'rejected' AND v.proposal = p.id AND v.action = 'reject'
	AND v.version = (SELECT max(version) FROM proposal_version w WHERE w.proposal = p.id AND w.action = 'reject');
--bun:split
ALTER TABLE proposal ENABLE TRIGGER proposal_frozen;
--bun:split
ALTER TABLE proposal
	ADD CONSTRAINT proposal_deadline CHECK (answer_by IS NULL OR state = 'needs_information' OR state = 'withdrawn'),
	ADD CONSTRAINT proposal_appealed CHECK (state <> 'appealed' OR appeal <> ''),
	ADD CONSTRAINT proposal_appeal_of_rejection CHECK (appeal = '' OR rejected_by IS NOT NULL),
	ADD CONSTRAINT proposal_another_decides CHECK (appeal = '' OR state IN ('appealed', 'withdrawn') OR facilitator <> rejected_by);
--bun:split
-- An appeal is made once and stays as it is; so does the name of whoever rejected.
CREATE FUNCTION refuse_second_appeal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF OLD.appeal <> '' AND NEW.appeal <> OLD.appeal OR OLD.rejected_by IS NOT NULL AND NEW.rejected_by IS DISTINCT FROM OLD.rejected_by THEN
		RAISE EXCEPTION 'an appeal is made once' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'proposal_appeal_once';
	END IF;
	RETURN NEW;
END $$;
--bun:split
CREATE TRIGGER proposal_appeal_once BEFORE UPDATE ON proposal FOR EACH ROW EXECUTE FUNCTION refuse_second_appeal();
--bun:split
DROP INDEX proposal_queue;
--bun:split
CREATE INDEX proposal_queue ON proposal (round, id) WHERE state IN ('submitted', 'in_evaluation', 'needs_information', 'appealed');
--bun:split
ALTER TABLE proposal_version
	ADD COLUMN answer jsonb,
	DROP CONSTRAINT proposal_version_action,
	ADD CONSTRAINT proposal_version_action CHECK (action IN ('draft', 'edit', 'submit', 'withdraw', 'take', 'ask', 'reject', 'accept', 'appeal',
		'place', 'remove', 'import', 'publish'));
--bun:split
GRANT UPDATE (answer_by, appeal, rejected_by) ON proposal TO osbu_office;
