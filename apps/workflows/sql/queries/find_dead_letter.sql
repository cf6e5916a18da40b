-- The step that a dead letter is.
SELECT run_id, path FROM steps WHERE state = 'dead' AND dead_letter_id = $1
