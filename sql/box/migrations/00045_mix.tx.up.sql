-- mix_lane writes the ballots that wait in the lane that fills anew in random order, in one transaction and a fresh file: as long as they are too few for a batch,
-- neither place nor xmin, nor the place of an index's entries within a page, tells the order in which they came. Whoever copied both databases could
-- otherwise lay the last rights beside the last ballots. It waits for nobody, so that no ballot waits for it longer than it works: a lane of some
-- hundred ballots takes milliseconds.
CREATE FUNCTION mix_lane(id text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
	fills smallint;
BEGIN
	SELECT side INTO fills FROM vote WHERE round = id AND NOT closed;
	IF NOT FOUND THEN
		RETURN;
	END IF;
	EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE NOWAIT', lane(id, fills));
	IF NOT pg_try_advisory_xact_lock(log_lock(id)) OR NOT pg_try_advisory_xact_lock(vote_lock(id)) THEN
		RAISE EXCEPTION 'the lane is in use' USING ERRCODE = 'lock_not_available';
	END IF;
	IF NOT EXISTS (SELECT FROM vote WHERE round = id AND NOT closed AND side = fills) THEN
		RETURN; -- sealed at this moment
	END IF;
	EXECUTE format('CREATE TEMPORARY TABLE mixed ON COMMIT DROP AS SELECT * FROM %I', lane(id, fills));
	EXECUTE format('TRUNCATE %I', lane(id, fills));
	EXECUTE format('INSERT INTO %I SELECT * FROM mixed ORDER BY gen_random_uuid()', lane(id, fills));
	DROP TABLE mixed;
END $$;
--bun:split
REVOKE EXECUTE ON FUNCTION mix_lane(text) FROM PUBLIC;
--bun:split
GRANT EXECUTE ON FUNCTION mix_lane(text) TO osbu_box;
