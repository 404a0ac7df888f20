-- +goose Up
-- +goose StatementBegin
-- What becomes of funded projects. A delivery begins when the round's result is
-- published; site 0 is the project as a whole, the others are its places. Every
-- change is a report, and no report is changed or deleted: delivery is what the
-- last one says.

CREATE TABLE delivery (
	proposal   bigint NOT NULL REFERENCES project,
	site       int NOT NULL CONSTRAINT delivery_site CHECK (site BETWEEN 0 AND 200),
	round      text NOT NULL REFERENCES round,
	version    int NOT NULL CONSTRAINT delivery_version_counts CHECK (version >= 1),
	name       jsonb NOT NULL, -- of a site
	latitude   double precision CONSTRAINT delivery_latitude CHECK (latitude BETWEEN -90 AND 90),
	longitude  double precision CONSTRAINT delivery_longitude CHECK (longitude BETWEEN -180 AND 180),
	phase      text NOT NULL CONSTRAINT delivery_phase CHECK (phase IN ('codevelopment', 'planning', 'procurement', 'building', 'done', 'warranty')),
	standing   text NOT NULL CONSTRAINT delivery_standing CHECK (standing IN ('on_course', 'changed', 'paused', 'cancelled')),
	reason     jsonb NOT NULL, -- of another standing than on_course
	division   text NOT NULL,  -- of the city, by its address at the round's desk; empty: not said yet
	contact    jsonb NOT NULL, -- the role of whoever answers for it, never a name
	difference jsonb NOT NULL, -- what became of the idea
	documents  jsonb NOT NULL, -- [{title, address}]
	external   text NOT NULL DEFAULT '' CONSTRAINT delivery_external CHECK (char_length(external) <= 60), -- its id in the city's programming tool
	updated_at timestamptz NOT NULL,
	PRIMARY KEY (proposal, site),
	CONSTRAINT delivery_point CHECK ((latitude IS NULL) = (longitude IS NULL)),
	CONSTRAINT delivery_named CHECK ((site = 0) = (coalesce(name ->> 'fi', '') = '')),
	CONSTRAINT delivery_reasoned CHECK (CASE standing WHEN 'on_course' THEN reason = '{}'
		ELSE coalesce(reason ->> 'fi', '') <> '' AND coalesce(reason ->> 'sv', '') <> '' END)
);

CREATE INDEX delivery_round ON delivery (round);

-- Two rounds may pay for the same thing.
CREATE UNIQUE INDEX delivery_external_once ON delivery (round, external) WHERE external <> '';

CREATE INDEX delivery_external_of ON delivery (external) WHERE external <> '';

CREATE INDEX delivery_division ON delivery (division);

CREATE TABLE delivery_report (
	proposal bigint NOT NULL,
	site     int NOT NULL,
	version  int NOT NULL,
	at       timestamptz NOT NULL DEFAULT osbu_now(),
	by       bigint REFERENCES account, -- null: the publication of the result
	action   text NOT NULL CONSTRAINT delivery_report_action CHECK (action ~ '^[a-z_]{1,40}$'),
	phase    text NOT NULL,
	standing text NOT NULL,
	reason   jsonb NOT NULL,
	division text NOT NULL,
	news     jsonb NOT NULL, -- for everybody; {}: none
	dates    jsonb NOT NULL, -- those that the report changed
	erased_by text NOT NULL DEFAULT '', -- the name of who took the news away
	PRIMARY KEY (proposal, site, version),
	FOREIGN KEY (proposal, site) REFERENCES delivery DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT delivery_report_erased CHECK (erased_by = '' OR news = '{}')
);

CREATE INDEX delivery_report_news ON delivery_report (at DESC) WHERE news <> '{}';

-- What is said of a delivery was reported.
ALTER TABLE delivery ADD CONSTRAINT delivery_reported FOREIGN KEY (proposal, site, version) REFERENCES delivery_report DEFERRABLE INITIALLY DEFERRED;

-- When a phase was promised to begin, at first and now, and when it did.
CREATE TABLE delivery_date (
	proposal bigint NOT NULL,
	site     int NOT NULL,
	phase    text NOT NULL CONSTRAINT delivery_date_phase CHECK (phase IN ('codevelopment', 'planning', 'procurement', 'building', 'done', 'warranty')),
	first    date,
	promised date,
	actual   date,
	PRIMARY KEY (proposal, site, phase),
	FOREIGN KEY (proposal, site) REFERENCES delivery,
	CONSTRAINT delivery_date_promised CHECK ((first IS NULL) = (promised IS NULL)),
	CONSTRAINT delivery_date_says CHECK (promised IS NOT NULL OR actual IS NOT NULL)
);

-- Only what was voted on and selected is delivered, and only once its round's
-- result is published; an archived round stands still.
CREATE FUNCTION refuse_delivery() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
	now_in text;
	became text;
BEGIN
	SELECT r.phase, p.state INTO now_in, became FROM proposal p JOIN round r ON r.id = p.round WHERE p.id = NEW.proposal AND r.id = NEW.round FOR SHARE OF r;
	IF now_in IS DISTINCT FROM 'delivering' OR became IS DISTINCT FROM 'selected' THEN
		RAISE EXCEPTION 'project of proposal % is not delivered now', NEW.proposal USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'delivery_of_selected';
	END IF;
	IF TG_OP = 'UPDATE' AND NEW.version <> OLD.version + 1
		AND to_jsonb(NEW) - 'external' IS DISTINCT FROM to_jsonb(OLD) - 'external' THEN
		RAISE EXCEPTION 'a delivery changes by a report' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'delivery_next';
	END IF;
	RETURN NEW;
END $$;

CREATE TRIGGER delivery_of_selected BEFORE INSERT OR UPDATE ON delivery FOR EACH ROW EXECUTE FUNCTION refuse_delivery();

-- A first promise stays what it was, and no promise is taken back without a
-- trace.
CREATE FUNCTION keep_first_promise() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	IF OLD.first IS NOT NULL AND NEW.first IS DISTINCT FROM OLD.first THEN
		RAISE EXCEPTION 'a first promise stays' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'delivery_first_promise';
	END IF;
	RETURN NEW;
END $$;

CREATE TRIGGER delivery_first_promise BEFORE UPDATE ON delivery_date FOR EACH ROW EXECUTE FUNCTION keep_first_promise();

CREATE FUNCTION keep_report() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	IF NEW.news <> '{}' OR NEW.erased_by = '' OR OLD.erased_by NOT IN ('', NEW.erased_by) THEN
		RAISE EXCEPTION 'the news of a report is erased, by somebody, or stays' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'delivery_report_kept';
	END IF;
	RETURN NEW;
END $$;

CREATE TRIGGER delivery_report_kept BEFORE UPDATE ON delivery_report FOR EACH ROW EXECUTE FUNCTION keep_report();

GRANT SELECT, INSERT ON delivery, delivery_report, delivery_date TO osbu_office;

GRANT UPDATE (version, phase, standing, reason, division, contact, difference, documents, updated_at) ON delivery TO osbu_office;

-- The id alone is no report.
GRANT UPDATE (external) ON delivery TO osbu_office;

GRANT UPDATE (news, erased_by) ON delivery_report TO osbu_office;

GRANT UPDATE (promised, actual, first) ON delivery_date TO osbu_office;
-- +goose StatementEnd
