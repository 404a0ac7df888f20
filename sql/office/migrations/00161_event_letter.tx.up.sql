-- Letters about events, to those who signed up. Step tells letters of one matter apart: the event's version, or the seat that became free.
ALTER TABLE outbox ADD COLUMN event bigint REFERENCES event, ADD COLUMN step bigint,
	ADD CONSTRAINT outbox_event_once UNIQUE (account, event, matter, step),
	ADD CONSTRAINT outbox_event CHECK ((event IS NULL) = (step IS NULL) AND (event IS NULL) = (kind <> 'events'));
--bun:split
-- The lists of matters and kinds grow with the features, each by its own; what earlier ones allow stays allowed.
DO $$
DECLARE
	rule record;
BEGIN
	FOR rule IN SELECT c.conname AS name, c.conrelid::regclass AS of, pg_get_expr(c.conbin, c.conrelid) AS says FROM pg_constraint c
		WHERE (c.conrelid, c.conname) IN (('outbox'::regclass, 'outbox_matter'), ('outbox'::regclass, 'outbox_kind'), ('outbox'::regclass, 'outbox_subject'), ('mailbox'::regclass, 'mailbox_muted'))
	LOOP
		EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I, ADD CONSTRAINT %I CHECK (%s)', rule.of, rule.name, rule.name, CASE rule.name
			WHEN 'outbox_matter' THEN rule.says || ' OR matter IN (''event_soon'', ''event_moved'', ''event_cancelled'', ''seat_freed'')'
			WHEN 'outbox_kind' THEN rule.says || ' OR kind = ''events'''
			WHEN 'outbox_subject' THEN '(kind <> ''events'' AND (' || rule.says || ')) OR (kind = ''events'' AND proposal IS NULL AND version IS NULL AND matter <> ''confirm'')'
			ELSE regexp_replace(rule.says, 'muted', 'array_remove(muted, ''events''::text)') END);
	END LOOP;
END $$;
--bun:split
CREATE INDEX outbox_event ON outbox (event) WHERE event IS NOT NULL;
--bun:split
-- A month after an event nobody needs to know any more who came: seats go, and letters about it with them.
CREATE FUNCTION forget_seats() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
	gone bigint;
BEGIN
	WITH over AS (
		SELECT event FROM event_time GROUP BY event HAVING max(ends) < osbu_now() - interval '30 days'
	), letters AS (
		DELETE FROM outbox o USING over WHERE o.event = over.event
	), seats AS (
		DELETE FROM seat s USING over WHERE s.event = over.event RETURNING 1
	)
	SELECT count(*) INTO gone FROM seats;
	RETURN gone;
END $$;
--bun:split
REVOKE ALL ON FUNCTION forget_seats() FROM PUBLIC;
--bun:split
GRANT EXECUTE ON FUNCTION forget_seats() TO osbu_office;
