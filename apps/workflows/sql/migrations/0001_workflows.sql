-- Workflows and the keys of the requests that started them.

CREATE TABLE workflows (
    id uuid PRIMARY KEY,
    version bigint NOT NULL,
    name text NOT NULL,
    status text NOT NULL,
    -- A caller's own key: a UUID here, an integer for those that came before. Kept as text, with what it was.
    building_id text NOT NULL,
    building_id_is_integer boolean NOT NULL,
    owner_user_id text,
    owner_org_id text,
    attributes jsonb NOT NULL,
    metadata jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    deleted_at timestamptz
);

CREATE INDEX workflows_by_building ON workflows (building_id, id) WHERE deleted_at IS NULL;

-- Outlives what it guards: a request that is repeated after its workflow was pruned must not start another.
CREATE TABLE idempotency_keys (
    scope text NOT NULL,
    key text NOT NULL,
    fingerprint uuid NOT NULL,
    resource_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (scope, key)
);

CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expires_at);
