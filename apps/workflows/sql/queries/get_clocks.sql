-- What the clocks of zones show, each in its own time: see clock_periods(). Nothing for a zone that is not known.
SELECT item.number - 1 AS item, period.begins_at, period.ahead
FROM unnest($1::text[], $2::timestamptz[], $3::timestamptz[]) WITH ORDINALITY AS item (zone, since, until, number),
     LATERAL clock_periods(item.zone, item.since, item.until) AS period
ORDER BY item.number, period.begins_at
