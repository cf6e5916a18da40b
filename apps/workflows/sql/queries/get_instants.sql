-- When the clocks of zones show civil times, given in minutes: see first_instant().
SELECT first_instant(timestamp 'epoch' + civil * interval '1 minute', zone) AS instant
FROM unnest($1::bigint[], $2::text[]) WITH ORDINALITY AS item (civil, zone, number)
ORDER BY number
