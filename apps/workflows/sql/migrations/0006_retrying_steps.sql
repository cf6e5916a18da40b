-- Steps that have failed and are tried again. There are few, unless what they ask is away; those that wait, sleep or are
-- done are not in the index.
CREATE INDEX steps_retrying ON steps (failures, sequence)
    WHERE failures > 0 AND (state = 'ready' OR state = 'claimed' OR state = 'scheduled');

CREATE VIEW retrying_steps AS
SELECT run_id, path, sequence, failures, error, started_at, CASE WHEN state = 'scheduled' THEN due_at END AS due_at
FROM steps
WHERE failures > 0 AND (state = 'ready' OR state = 'claimed' OR state = 'scheduled');
