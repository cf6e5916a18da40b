-- The run that has a key.
SELECT run_id FROM run_keys WHERE definition = $1 AND key = $2
