-- The net below the wake-ups: one statement a second tells whether there is anything to do.
SELECT EXISTS (SELECT FROM steps WHERE state = 'ready') AS has_ready,
       (SELECT min(due_at) FROM steps
        WHERE due_at IS NOT NULL AND (state = 'scheduled' OR state = 'waiting')) AS next_due,
       EXISTS (SELECT FROM sessions WHERE expires_at < clock_timestamp() AND NOT is_lost) AS has_expired,
       EXISTS (SELECT FROM sessions WHERE is_lost) AS has_lost,
       EXISTS (SELECT FROM mail WHERE created_at < clock_timestamp() - interval '1 second') AS has_mail,
       EXISTS (SELECT FROM early_signals AS e JOIN run_keys AS k USING (definition, key)) AS has_early_signals,
       (SELECT count(*) FROM steps WHERE state = 'claimed' AND session_id = $1) AS own_claims,
       clock_timestamp() AS now
