-- A worker that leaves on purpose gives up its lease at once: what it still holds is free for others.
UPDATE sessions SET is_lost = true WHERE id = $1 AND NOT is_lost
