-- The server's role may change only the columns that it has a reason to change: not who somebody is, what a session may do, whose proposal it is, or
-- whether a round was a rehearsal. A new reference leads to its person for ever.
REVOKE UPDATE ON round, account, session, roll, roll_alias, proposal, project FROM osbu_office;
--bun:split
REVOKE DELETE ON roll_alias FROM osbu_office;
--bun:split
GRANT UPDATE (name, phase, proposing_opens, proposing_closes, vetting_opens, vetting_closes, voting_opens, voting_closes, rule, age, moment,
	municipalities, reserve_maintenance, final_ballots, freeze_decision, confirm_decision) ON round TO osbu_office;
--bun:split
GRANT UPDATE (name, language) ON account TO osbu_office;
--bun:split
GRANT UPDATE (expires) ON session TO osbu_office;
--bun:split
GRANT UPDATE (born, municipality, area, protected) ON roll TO osbu_office;
--bun:split
GRANT UPDATE (person) ON roll_alias TO osbu_office;
--bun:split
GRANT UPDATE (state, version, facilitator, facilitator_name, title, what, why, place, area, theme, latitude, longitude, language, question, reason, answer,
	minimum, maximum, maintenance, submitted_at, updated_at, words) ON proposal TO osbu_office;
--bun:split
GRANT UPDATE (number) ON project TO osbu_office;
--bun:split
CREATE FUNCTION round_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF NEW.phase <> 'draft' THEN
		RAISE EXCEPTION 'a round begins as a draft' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'round_phase_order';
	END IF;
	RETURN NEW;
END $$;
--bun:split
CREATE TRIGGER round_begins BEFORE INSERT ON round FOR EACH ROW EXECUTE FUNCTION round_begins();
--bun:split
-- As before, but never for a round whose vote may still go on: without its keys nobody could vote any more.
CREATE OR REPLACE FUNCTION destroy_issuers(gone text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
	IF (SELECT phase FROM round WHERE id = gone) IN ('draft', 'proposing', 'vetting', 'frozen', 'voting') THEN
		RAISE EXCEPTION 'the vote of round % is not closed', gone USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'issuer_needed';
	END IF;
	LOCK TABLE issuer IN ACCESS EXCLUSIVE MODE;
	CREATE TEMPORARY TABLE kept ON COMMIT DROP AS SELECT * FROM issuer WHERE round <> gone;
	TRUNCATE issuer;
	INSERT INTO issuer SELECT * FROM kept;
	DROP TABLE kept;
END $$;
