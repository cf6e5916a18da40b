-- What the clock of a zone has shown by now, in minutes; NULL for what is not a name of the time zone database.
-- AT TIME ZONE takes a lot more (abbreviations, offsets, any rule), but looking all names up takes a while.
SELECT CASE WHEN $1 = 'UTC' OR $1 ~ '^[A-Z]' AND $1 <> 'Factory'
                AND EXISTS (SELECT FROM pg_timezone_names WHERE name = $1)
            THEN (extract(epoch FROM last_civil(clock_timestamp(), $1)) / 60)::bigint END AS shown_now
