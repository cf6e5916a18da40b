-- Whether a hold is due: what an idle replica asks.
SELECT id FROM holds WHERE state = 'held' AND expires_at <= clock_timestamp() LIMIT 1
