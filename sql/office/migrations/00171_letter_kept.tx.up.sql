-- A month after a letter came to its end nobody asks any more what became of it. Letters about events go with the seats (forget_seats), for till then they keep anybody
-- from being told twice.
ALTER TABLE invitation ALTER COLUMN letter DROP NOT NULL, DROP CONSTRAINT invitation_letter_fkey,
	ADD CONSTRAINT invitation_letter_fkey FOREIGN KEY (letter) REFERENCES outbox ON DELETE SET NULL;
--bun:split
ALTER TABLE enquiry DROP CONSTRAINT enquiry_letter_fkey, ADD CONSTRAINT enquiry_letter_fkey FOREIGN KEY (letter) REFERENCES outbox ON DELETE SET NULL;
--bun:split
CREATE INDEX outbox_settled ON outbox (settled_at) WHERE settled_at IS NOT NULL AND event IS NULL;
--bun:split
-- Of a step that is its proposal's last one the letter's key stays (outbox_once), so that nobody is told of it again, but not why it was written to whom. Once there
-- is a later step, nothing can tell of the earlier one.
CREATE FUNCTION forget_letters() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
	gone bigint;
BEGIN
	DELETE FROM outbox o WHERE o.settled_at < osbu_now() - interval '30 days' AND o.event IS NULL
		AND NOT EXISTS (SELECT FROM proposal p WHERE p.id = o.proposal AND p.version = o.version);
	GET DIAGNOSTICS gone = ROW_COUNT;
	UPDATE outbox SET kind = '', tries = 0 WHERE settled_at < osbu_now() - interval '30 days' AND event IS NULL AND kind <> '';
	RETURN gone;
END $$;
--bun:split
REVOKE ALL ON FUNCTION forget_letters() FROM PUBLIC;
--bun:split
GRANT EXECUTE ON FUNCTION forget_letters() TO osbu_office;
