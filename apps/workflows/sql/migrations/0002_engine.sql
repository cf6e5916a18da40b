-- The engine: what a run consists of, who works on it, and what is on its way between runs.

ALTER TABLE workflows
    ADD COLUMN definition text NOT NULL DEFAULT 'building-onboarding',
    ADD COLUMN definition_version bigint NOT NULL DEFAULT 1,
    -- One run for each definition and key; run_keys guards it.
    ADD COLUMN key text,
    ADD COLUMN priority smallint NOT NULL DEFAULT 3,
    -- Documents of the callers' own are kept as the text they came as: no statement looks into them.
    ADD COLUMN input text NOT NULL DEFAULT '{}',
    ADD COLUMN output text,
    ADD COLUMN error text,
    ADD COLUMN parent_id uuid,
    ADD COLUMN parent_path text,
    ADD COLUMN is_paused boolean NOT NULL DEFAULT false,
    -- none, or what a run that is being wound down will be: failed, cancelled.
    ADD COLUMN ending text NOT NULL DEFAULT 'none',
    -- What limits are counted by; NULL: the definition has none.
    ADD COLUMN limit_key text,
    -- NULL while the run waits for room.
    ADD COLUMN admitted_at timestamptz,
    -- Of the caller, for the steps' calls to continue.
    ADD COLUMN traceparent text,
    ADD COLUMN finished_at timestamptz,
    ALTER COLUMN building_id DROP NOT NULL,
    ALTER COLUMN building_id_is_integer DROP NOT NULL;

-- What was started before there were steps had nothing to do.
UPDATE workflows SET status = 'completed', finished_at = updated_at WHERE status = 'running';
UPDATE workflows SET admitted_at = created_at;

CREATE INDEX workflows_by_parent ON workflows (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX workflows_by_key ON workflows (key, id) WHERE key IS NOT NULL;
CREATE INDEX workflows_by_definition ON workflows (definition, id) WHERE deleted_at IS NULL;
-- Few at any time, whatever the table has grown to.
CREATE INDEX workflows_unfinished ON workflows (status, id) WHERE finished_at IS NULL AND deleted_at IS NULL;
CREATE INDEX workflows_by_attributes ON workflows USING gin (attributes jsonb_path_ops) WHERE attributes <> '{}';
CREATE INDEX workflows_by_finish ON workflows (finished_at) WHERE finished_at IS NOT NULL;

-- Runs that wait for room, and those that take it.
CREATE INDEX workflows_pending ON workflows (definition, limit_key, priority, id) WHERE status = 'pending';
CREATE INDEX workflows_limited ON workflows (definition, limit_key)
    WHERE limit_key IS NOT NULL AND admitted_at IS NOT NULL AND finished_at IS NULL;
CREATE INDEX workflows_admitted ON workflows (definition, admitted_at) WHERE limit_key IS NOT NULL;

CREATE TABLE definitions (
    id uuid NOT NULL UNIQUE,
    name text NOT NULL,
    version bigint NOT NULL,
    document text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (name, version)
);

-- Outlives the run, so that a start that is repeated late finds that it has been.
CREATE TABLE run_keys (
    definition text NOT NULL,
    key text NOT NULL,
    run_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (definition, key)
);
CREATE INDEX run_keys_by_age ON run_keys (created_at);

-- A worker process with a lease. Whatever it claims is fenced by this row: every transaction of a worker locks its row
-- against being declared lost, and whoever declares it lost waits for those.
CREATE TABLE sessions (
    id uuid PRIMARY KEY,
    replica text NOT NULL,
    started_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    is_lost boolean NOT NULL DEFAULT false
) WITH (fillfactor = 50, autovacuum_vacuum_threshold = 500);

-- Changed only by who holds the lock of the run's row in workflows.
CREATE TABLE steps (
    run_id uuid NOT NULL,
    path text NOT NULL,
    state text NOT NULL,
    priority smallint NOT NULL,
    attempt bigint NOT NULL,
    failures bigint NOT NULL,
    lease_losses bigint NOT NULL,
    generation bigint NOT NULL,
    is_uncertain boolean NOT NULL,
    due_at timestamptz,
    input text,
    output text,
    error text,
    completed_as bigint NOT NULL,
    child_id uuid,
    -- Of the last claim.
    session_id uuid,
    started_at timestamptz,
    changed_at timestamptz NOT NULL,
    -- The order in which steps began.
    sequence bigint GENERATED ALWAYS AS IDENTITY,
    -- Its name as a dead letter.
    dead_letter_id uuid,
    PRIMARY KEY (run_id, path)
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000,
        autovacuum_vacuum_cost_delay = 0);

-- Each holds only what somebody is to look for: what is finished or waits costs a claim nothing.
CREATE INDEX steps_ready ON steps (priority, changed_at) WHERE state = 'ready';
CREATE INDEX steps_due ON steps (due_at) WHERE due_at IS NOT NULL AND (state = 'scheduled' OR state = 'waiting');
CREATE INDEX steps_claimed ON steps (session_id) WHERE state = 'claimed';
CREATE UNIQUE INDEX steps_dead ON steps (dead_letter_id) WHERE state = 'dead';

CREATE TABLE signals (
    run_id uuid NOT NULL,
    id text NOT NULL,
    name text NOT NULL,
    payload text NOT NULL,
    received_at timestamptz NOT NULL,
    -- The order among those that came together.
    sequence bigint GENERATED ALWAYS AS IDENTITY,
    -- The step that took it.
    taken_by text,
    PRIMARY KEY (run_id, id)
);

-- Signals to a run that has not been started.
CREATE TABLE early_signals (
    definition text NOT NULL,
    key text NOT NULL,
    id text NOT NULL,
    name text NOT NULL,
    payload text NOT NULL,
    received_at timestamptz NOT NULL,
    sequence bigint GENERATED ALWAYS AS IDENTITY,
    PRIMARY KEY (definition, key, id)
);
CREATE INDEX early_signals_by_age ON early_signals (received_at);

-- What one run wants of another: written with the transition that wants it, removed with the one that does it.
CREATE TABLE mail (
    id uuid PRIMARY KEY,
    run_id uuid NOT NULL,
    command text NOT NULL,
    created_at timestamptz NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.02);
CREATE INDEX mail_by_age ON mail (created_at);

CREATE TABLE history (
    run_id uuid NOT NULL,
    sequence bigint GENERATED ALWAYS AS IDENTITY,
    type text NOT NULL,
    step text NOT NULL,
    at timestamptz NOT NULL,
    data text NOT NULL,
    PRIMARY KEY (run_id, sequence)
);
