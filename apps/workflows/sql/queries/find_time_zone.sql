-- Whether this is a name of the time zone database. AT TIME ZONE takes a lot more (abbreviations, offsets, any rule),
-- but looking all names up takes a while.
SELECT $1 = 'UTC' OR $1 ~ '^[A-Z]' AND $1 <> 'Factory' AND EXISTS (SELECT FROM pg_timezone_names WHERE name = $1)
           AS is_known,
       clock_timestamp() AS now
