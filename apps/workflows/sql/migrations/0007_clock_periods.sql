-- From when on the clock of a zone has been how many minutes ahead of UTC, from `since` until `until`; nothing for a
-- zone that Postgres does not know, or not any more. Days are compared, and of those that differ the minutes: no zone
-- has ever changed its clock to and fro within a day.
CREATE FUNCTION clock_periods(zone text, since timestamptz, until timestamptz)
    RETURNS TABLE (begins_at timestamptz, ahead bigint) LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY
    WITH day AS (
        SELECT at, (at AT TIME ZONE zone) - (at AT TIME ZONE 'UTC') AS distance
        FROM generate_series(since, until + interval '24 hours', interval '24 hours') AS at
    ), changed AS (
        SELECT at FROM (SELECT at, distance <> lag(distance) OVER (ORDER BY at) AS differs FROM day) AS compared
        WHERE differs
    ), period AS (
        SELECT minute AS at
        FROM changed,
             generate_series(changed.at - interval '1439 minutes', changed.at, interval '1 minute') AS minute
        WHERE (minute AT TIME ZONE zone) - interval '1 minute' <> (minute - interval '1 minute') AT TIME ZONE zone
        UNION ALL
        SELECT since
    )
    SELECT at, (extract(epoch FROM (at AT TIME ZONE zone) - (at AT TIME ZONE 'UTC')) / 60)::bigint
    FROM period ORDER BY at;
EXCEPTION WHEN invalid_parameter_value THEN
    RETURN;
END $$;
