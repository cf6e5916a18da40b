-- Whether a hold is due: what an idle replica asks.
SELECT id FROM holds WHERE state = 'held' AND expires_at <= now() LIMIT 1
