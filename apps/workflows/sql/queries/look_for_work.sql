-- The net below the wake-ups: one statement a second tells whether there is anything to do, and how much.
SELECT (SELECT count(*) FROM (SELECT FROM steps WHERE state = 'ready' LIMIT 10000) AS head) AS ready,
       coalesce(extract(epoch FROM statement_timestamp() - (
           SELECT min(first.changed_at)
           FROM generate_series(1, 5) AS p,
                LATERAL (SELECT changed_at FROM steps WHERE state = 'ready' AND priority = p
                         ORDER BY changed_at LIMIT 1) AS first)), 0)::double precision AS oldest_ready_age,
       due.at AS next_due,
       greatest(extract(epoch FROM statement_timestamp() - coalesce(due.at, statement_timestamp())), 0)::double precision
           AS timer_lag,
       (SELECT count(*) FROM (SELECT FROM steps WHERE state = 'dead' LIMIT 10000) AS head) AS dead,
       (SELECT count(*) FROM (SELECT FROM retrying_steps WHERE failures >= $2 LIMIT 10000) AS head) AS retrying,
       EXISTS (SELECT FROM sessions WHERE expires_at < statement_timestamp() AND NOT is_lost) AS has_expired,
       EXISTS (SELECT FROM sessions WHERE is_lost)
           OR EXISTS (SELECT FROM steps AS s
                      WHERE s.state = 'claimed' AND NOT EXISTS (SELECT FROM sessions WHERE id = s.session_id))
           AS has_lost,
       EXISTS (SELECT FROM mail WHERE created_at < statement_timestamp() - interval '1 second') AS has_mail,
       EXISTS (SELECT FROM workflows WHERE status = 'pending') AS has_pending,
       EXISTS (SELECT FROM early_signals AS e JOIN run_keys AS k USING (definition, key)) AS has_early_signals,
       (SELECT count(*) FROM steps WHERE state = 'claimed' AND session_id = $1) AS own_claims,
       -- What a schedule is to start next, or has been for so long that whoever was to start it has died.
       least((SELECT min(next_at) FROM schedules WHERE next_at IS NOT NULL),
             (SELECT min(created_at) FROM actionable_schedule_starts
              WHERE created_at < statement_timestamp() - interval '1 second')) AS next_schedule
FROM (SELECT min(due_at) AS at FROM steps
      WHERE due_at IS NOT NULL AND (state = 'scheduled' OR state = 'waiting')) AS due
