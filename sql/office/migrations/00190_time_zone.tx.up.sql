-- The calendar that decides on birthdays is the city's, which the server names; Helsinki's stood here.
DROP FUNCTION count_rights(text);
--bun:split
DROP FUNCTION town_day(timestamptz);
--bun:split
CREATE FUNCTION count_rights(of_round text, time_zone text) RETURNS bigint LANGUAGE sql STABLE AS $$
	SELECT (SELECT count(*) FROM roll e WHERE e.round = r.id
			AND (cardinality(r.municipalities) = 0 OR e.municipality = ANY (r.municipalities))
			AND CASE r.moment
				WHEN 'voting' THEN e.born + make_interval(years => r.age) <= r.last
				ELSE extract(year FROM e.born) + r.age <= extract(year FROM r.first)
			END)
		+ (SELECT count(*) FROM voting_code c WHERE c.round = r.id AND c.paper IS NULL)
	FROM (SELECT id, age, moment, municipalities, (voting_opens AT TIME ZONE time_zone)::date AS first,
			((voting_closes - interval '1 microsecond') AT TIME ZONE time_zone)::date AS last
		FROM round WHERE id = of_round) r
$$;
