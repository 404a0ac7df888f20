-- +goose Up
-- +goose StatementBegin
-- What is kept of somebody is hers to see and, but for what the law keeps, to
-- have erased. Which column is which is told in sql/office/person.go.

-- Who looked and who erased: not even staff look somebody up without a trace.
CREATE TABLE person_request (
	id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	account bigint REFERENCES account, -- null: on a roll only
	at      timestamptz NOT NULL DEFAULT osbu_now(),
	action  text NOT NULL CONSTRAINT person_request_action CHECK (action IN ('export', 'erase')),
	reason  text NOT NULL CONSTRAINT person_request_reason CHECK (char_length(reason) <= 300) -- empty: she herself
);

GRANT SELECT, INSERT ON person_request TO osbu_office;

-- Erases an account: drafts that nobody shares, what she follows and supports,
-- sign-ups, questions, e-mails and their address, sessions. What others have
-- answered, decided or voted on stays without her name. The account stays as a
-- number to which nobody can sign in; acts in office keep their names, for they
-- are the city's.
CREATE FUNCTION erase_person(who bigint, called text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
	drafts bigint[];
BEGIN
	PERFORM FROM account WHERE id = who FOR UPDATE;
	SELECT coalesce(array_agg(p.id), '{}') INTO drafts FROM proposal p WHERE p.author = who AND p.submitted_at IS NULL
		AND NOT EXISTS (SELECT FROM author a WHERE a.proposal = p.id AND a.account <> who);
	DELETE FROM session WHERE account = who;
	DELETE FROM enquiry WHERE by = who;
	DELETE FROM invitation WHERE by = who OR proposal = ANY (drafts);
	DELETE FROM assisted WHERE proposal = ANY (drafts);
	DELETE FROM stand_in WHERE account = who OR stands_in = who;
	DELETE FROM outbox WHERE account = who OR away = who OR proposal = ANY (drafts);
	DELETE FROM mailbox WHERE account = who;
	DELETE FROM reminder WHERE account = who;
	DELETE FROM support WHERE account = who;
	DELETE FROM follow WHERE account = who;
	DELETE FROM worth WHERE account = who;
	DELETE FROM seat WHERE account = who;
	DELETE FROM facilitator WHERE account = who;
	DELETE FROM queue_filter WHERE account = who;
	DELETE FROM staff WHERE account = who;
	DELETE FROM officer WHERE account = who;
	UPDATE contact SET proposal = NULL WHERE proposal = ANY (drafts);
	DELETE FROM note WHERE proposal = ANY (drafts);
	DELETE FROM image WHERE proposal = ANY (drafts);
	UPDATE proposal_version v SET by_name = called WHERE by = who
		AND EXISTS (SELECT FROM author a WHERE a.proposal = v.proposal AND a.account = who);
	DELETE FROM author a USING proposal p WHERE p.id = a.proposal AND a.account = who
		AND (p.author IS DISTINCT FROM who OR p.id = ANY (drafts));
	DELETE FROM proposal_version WHERE proposal = ANY (drafts);
	DELETE FROM proposal WHERE id = ANY (drafts);
	UPDATE proposal SET author_name = called WHERE author = who;
	UPDATE merge_consent SET name = called, message = '' WHERE account = who;
	UPDATE account SET key = sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())), identified = false,
		name = CASE WHEN EXISTS (SELECT FROM audit WHERE actor ~ ('^[a-z]+ ' || who || '$'))
			OR EXISTS (SELECT FROM note WHERE by = who) OR EXISTS (SELECT FROM estimate WHERE by = who)
			OR EXISTS (SELECT FROM comment WHERE author = who AND staff) THEN name ELSE called END
		WHERE id = who;
END $$;

REVOKE ALL ON FUNCTION erase_person FROM PUBLIC;

GRANT EXECUTE ON FUNCTION erase_person TO osbu_office;
-- +goose StatementEnd
