-- Pending runs of a definition, with one of the keys, for which its limits leave room: by priority, then the keys in turn,
-- then by age. What is under way is counted where it lies, so that no counter can go wrong. A limit of 0 is none, and not
-- counted for.
WITH begun AS MATERIALIZED (
    SELECT limit_key AS key, count(*) AS runs FROM workflows
    WHERE $5::bigint > 0 AND definition = $1 AND limit_key IS NOT NULL
      AND admitted_at > statement_timestamp() - $6::bigint * interval '1 millisecond'
    GROUP BY limit_key
), per_key AS (
    SELECT keys.key,
           (SELECT count(*) FROM workflows
            WHERE $2::bigint + $3 > 0 AND definition = $1 AND limit_key = keys.key AND admitted_at IS NOT NULL
              AND finished_at IS NULL) AS active,
           coalesce((SELECT runs FROM begun WHERE begun.key = keys.key), 0) AS started
    FROM unnest($8::text[]) AS keys (key)
), total AS (
    SELECT (SELECT count(*) FROM workflows
            WHERE $2::bigint > 0 AND definition = $1 AND limit_key IS NOT NULL AND admitted_at IS NOT NULL
              AND finished_at IS NULL) AS active,
           (SELECT count(*) FROM workflows
            WHERE $4::bigint > 0 AND definition = $1 AND limit_key IS NOT NULL
              AND admitted_at > statement_timestamp() - $6::bigint * interval '1 millisecond') AS started
)
SELECT run.id
FROM per_key,
     LATERAL (
         SELECT id, priority, row_number() OVER (ORDER BY priority, id) AS place
         FROM (SELECT id, priority FROM workflows
               WHERE status = 'pending' AND definition = $1 AND limit_key = per_key.key
               ORDER BY priority, id LIMIT $7) AS first
     ) AS run
WHERE ($3::bigint = 0 OR run.place <= $3 - per_key.active) AND ($5::bigint = 0 OR run.place <= $5 - per_key.started)
ORDER BY run.priority, per_key.active + run.place, run.id
LIMIT greatest(0, least($7::bigint, (SELECT CASE WHEN $2::bigint = 0 THEN $7 ELSE $2 - active END FROM total),
                        (SELECT CASE WHEN $4::bigint = 0 THEN $7 ELSE $4 - started END FROM total)))
