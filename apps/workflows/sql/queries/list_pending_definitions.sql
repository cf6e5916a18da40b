-- Definitions with runs that wait for room.
WITH RECURSIVE names (name) AS (
    (SELECT definition FROM workflows WHERE status = 'pending' ORDER BY definition LIMIT 1)
    UNION ALL
    SELECT (SELECT definition FROM workflows WHERE status = 'pending' AND definition > names.name
            ORDER BY definition LIMIT 1)
    FROM names WHERE names.name IS NOT NULL
)
SELECT name FROM names WHERE name IS NOT NULL
