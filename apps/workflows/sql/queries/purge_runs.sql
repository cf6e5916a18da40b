-- Removes workflows that ended long ago, with all that belongs to them, in steps small enough to disturb nobody. Their
-- keys stay.
WITH old AS (
    SELECT id FROM workflows WHERE finished_at < now() - $1::bigint * interval '1 millisecond'
    ORDER BY finished_at LIMIT $2 FOR UPDATE SKIP LOCKED
), gone_steps AS (
    DELETE FROM steps WHERE run_id IN (SELECT id FROM old)
), gone_history AS (
    DELETE FROM history WHERE run_id IN (SELECT id FROM old)
), gone_signals AS (
    DELETE FROM signals WHERE run_id IN (SELECT id FROM old)
)
DELETE FROM workflows WHERE id IN (SELECT id FROM old)
