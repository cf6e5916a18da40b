-- Ready steps stand in lanes, one for each definition and, where it limits runs by a key, for each of its keys. A worker
-- takes some of each, so that nobody waits behind all that another has left. Two in one lane by chance share its turns.
CREATE FUNCTION lane_of(definition text, limit_key text) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT hashtextextended(definition || '/' || coalesce(limit_key, ''), 0) & 2147483647
$$;

-- Only of steps that are ready.
ALTER TABLE steps ADD COLUMN lane bigint NOT NULL DEFAULT 0;

CREATE INDEX steps_ready_by_lane ON steps (priority, lane, changed_at) WHERE state = 'ready';
