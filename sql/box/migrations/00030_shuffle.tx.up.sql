-- At the close the ballots are written anew in random order by one transaction: neither a row's place nor its xmin (which CLUSTER and VACUUM FULL
-- would keep, and which both databases draw from one counter where they share a server) then tells when it was cast, next to whose sign-in. TRUNCATE
-- gives the old file back when the transaction commits; a crash before leaves it as it was. Its trigger lets no ballot in after the close, so it rests.
CREATE FUNCTION shuffle_ballots() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
	LOCK TABLE pending IN ACCESS EXCLUSIVE MODE;
	CREATE TEMPORARY TABLE shuffled ON COMMIT DROP AS SELECT * FROM pending;
	TRUNCATE pending;
	ALTER TABLE pending DISABLE TRIGGER ballots_while_open;
	INSERT INTO pending SELECT * FROM shuffled ORDER BY gen_random_uuid();
	ALTER TABLE pending ENABLE TRIGGER ballots_while_open;
	DROP TABLE shuffled;
END $$;
--bun:split
REVOKE EXECUTE ON FUNCTION shuffle_ballots() FROM PUBLIC;
--bun:split
GRANT EXECUTE ON FUNCTION shuffle_ballots() TO osbu_box;
