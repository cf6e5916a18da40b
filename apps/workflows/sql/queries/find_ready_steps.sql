-- Ready steps for a worker that has room, with the locks of their runs. Runs that somebody works on right now are
-- passed over: he will see to their steps.
--
-- The lanes of the most urgent priority get equal shares, however much one of them holds; what room that leaves goes to
-- what has been ready for longest. When there are more lanes than room, it is chance which have their turn, among 256
-- from anywhere on. Each is found by one look into the index, and no steps are sorted. The limits inside are there to
-- be known when this is planned.
WITH RECURSIVE urgent AS MATERIALIZED (
    SELECT priority, (random() * 2147483647)::bigint AS start
    FROM steps WHERE state = 'ready' ORDER BY priority LIMIT 1
), behind (lane, place) AS (
    SELECT start - 1, 0::bigint FROM urgent
    UNION ALL
    SELECT next.lane, behind.place + 1
    FROM behind,
         LATERAL (SELECT lane FROM steps
                  WHERE state = 'ready' AND priority = (SELECT priority FROM urgent) AND lane > behind.lane
                  ORDER BY lane LIMIT 1) AS next
    WHERE behind.place < 256
), before (lane, place) AS (
    SELECT -1::bigint, 0::bigint FROM urgent
    UNION ALL
    SELECT next.lane, before.place + 1
    FROM before,
         LATERAL (SELECT lane FROM steps
                  WHERE state = 'ready' AND priority = (SELECT priority FROM urgent) AND lane > before.lane
                    AND lane < (SELECT start FROM urgent)
                  ORDER BY lane LIMIT 1) AS next
    WHERE before.place < 256 - (SELECT count(*) - 1 FROM behind)
), turn AS MATERIALIZED (
    SELECT lane
    FROM (SELECT lane FROM behind WHERE place > 0 UNION ALL SELECT lane FROM before WHERE place > 0) AS lanes
    ORDER BY random() LIMIT $1
), fair AS MATERIALIZED (
    SELECT step.run_id, step.path
    FROM turn,
         LATERAL (SELECT first.run_id, first.path
                  FROM (SELECT s.run_id, s.path
                        FROM steps AS s
                        JOIN workflows AS w ON w.id = s.run_id
                        WHERE s.state = 'ready' AND s.priority = (SELECT priority FROM urgent) AND s.lane = turn.lane
                        ORDER BY s.changed_at
                        LIMIT $1
                        FOR NO KEY UPDATE OF w SKIP LOCKED) AS first
                  LIMIT (SELECT greatest(1, $1 / count(*)) FROM turn)) AS step
), rest AS MATERIALIZED (
    SELECT oldest.run_id, oldest.path
    FROM (SELECT s.run_id, s.path
          FROM steps AS s
          JOIN workflows AS w ON w.id = s.run_id
          WHERE s.state = 'ready' AND s.run_id <> ALL (ARRAY(SELECT run_id FROM fair))
          ORDER BY s.priority, s.changed_at
          LIMIT $1
          FOR NO KEY UPDATE OF w SKIP LOCKED) AS oldest
    LIMIT $1 - (SELECT count(*) FROM fair)
)
SELECT run_id, path FROM fair UNION ALL SELECT run_id, path FROM rest
