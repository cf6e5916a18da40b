-- Whether a signal has come.
SELECT id FROM signals WHERE run_id = $1 AND id = $2
