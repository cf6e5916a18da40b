-- What starts workflows at times, and the starts that are owed.

CREATE TABLE schedules (
    id uuid PRIMARY KEY,
    -- Counts the changes by callers; what it starts is none.
    version bigint NOT NULL,
    name text NOT NULL,
    definition text NOT NULL,
    definition_version bigint,
    cron text NOT NULL,
    time_zone text NOT NULL,
    input text NOT NULL,
    overlap text NOT NULL,
    catch_up_window bigint NOT NULL,
    is_paused boolean NOT NULL,
    owner_user_id text,
    owner_org_id text,
    attributes text NOT NULL,
    metadata text NOT NULL,
    -- NULL while it is paused and once it is deleted.
    next_at timestamptz,
    last_at timestamptz,
    last_workflow_id uuid,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    deleted_at timestamptz
) WITH (fillfactor = 80);

CREATE UNIQUE INDEX schedules_by_name ON schedules (name) WHERE deleted_at IS NULL;
CREATE INDEX schedules_living ON schedules (id) WHERE deleted_at IS NULL;
CREATE INDEX schedules_due ON schedules (next_at) WHERE next_at IS NOT NULL;

-- Written with the tick's use, removed with the note of what was started. The run has its id from here, so that it is
-- started once, however often somebody sets about it.
CREATE TABLE schedule_starts (
    run_id uuid PRIMARY KEY,
    schedule_id uuid NOT NULL,
    -- The time of the schedule, or when it was triggered.
    tick timestamptz NOT NULL,
    is_trigger boolean NOT NULL,
    -- Until what the schedule started before has ended.
    waits boolean NOT NULL,
    created_at timestamptz NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.02);
CREATE INDEX schedule_starts_by_schedule ON schedule_starts (schedule_id);

-- What of it can be done now: `other_id` is the run that is to be ended first.
CREATE VIEW actionable_schedule_starts AS
SELECT owed.run_id, owed.schedule_id, owed.tick, owed.is_trigger, owed.created_at, other.id AS other_id,
       -- Owed since longer than anything may be made up for: whoever was to start it has died with all the others.
       NOT owed.is_trigger AND NOT owed.waits
           AND owed.created_at < clock_timestamp() - greatest(s.catch_up_window, 10000) * interval '1 millisecond'
           AS is_too_late
FROM schedule_starts AS owed
JOIN schedules AS s ON s.id = owed.schedule_id
LEFT JOIN workflows AS other ON owed.waits AND other.id = s.last_workflow_id AND other.finished_at IS NULL
WHERE NOT owed.waits
   OR (other.id IS NULL OR s.overlap = 'terminateOther' OR (s.overlap = 'cancelOther' AND other.ending = 'none'))
      AND NOT EXISTS (SELECT FROM schedule_starts AS sooner
                      WHERE sooner.schedule_id = owed.schedule_id AND NOT sooner.waits);

-- The clocks of time zones go back and forth. last_civil() is the latest time that the clock has shown until then, and
-- first_instant() the first at which it shows this time or a later one: civil times only ever grow, each comes once,
-- and one that is left out comes when the gap ends. AT TIME ZONE decides otherwise in both cases, so near a change (the
-- largest so far was a day) the minutes are gone through.
CREATE FUNCTION last_civil(at timestamptz, zone text) RETURNS timestamp LANGUAGE plpgsql STABLE AS $$
DECLARE
    shown timestamp;
BEGIN
    shown := at AT TIME ZONE zone;
    IF (at - interval '25 hours') AT TIME ZONE zone = shown - interval '25 hours' THEN
        RETURN date_trunc('minute', shown);
    END IF;
    RETURN (SELECT date_trunc('minute', max(minute AT TIME ZONE zone))
            FROM generate_series(at - interval '25 hours', at, interval '1 minute') AS minute);
EXCEPTION WHEN invalid_parameter_value THEN
    -- Postgres does not know the zone, or not any more.
    RETURN NULL;
END $$;

CREATE FUNCTION first_instant(civil timestamp, zone text) RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
DECLARE
    guess timestamptz := civil AT TIME ZONE zone;
BEGIN
    IF guess AT TIME ZONE zone = civil
       AND (guess - interval '25 hours') AT TIME ZONE zone = civil - interval '25 hours' THEN
        RETURN guess;
    END IF;
    RETURN (SELECT min(minute)
            FROM generate_series(guess - interval '25 hours', guess + interval '25 hours', interval '1 minute')
                AS minute
            WHERE minute AT TIME ZONE zone >= civil);
END $$;
