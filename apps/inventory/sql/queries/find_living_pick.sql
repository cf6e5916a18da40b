-- The pick list that a hold has; the hold is locked.
SELECT id FROM picks WHERE hold_id = $1 AND state <> 'cancelled'
