-- Buildings and the keys of the requests that made them.

CREATE TABLE buildings (
    id uuid PRIMARY KEY,
    version bigint NOT NULL,
    -- Compared byte by byte, so that the index below serves prefixes whatever the database's locale.
    name text COLLATE "C" NOT NULL,
    kind text NOT NULL,
    category text,
    parent_id uuid REFERENCES buildings,
    street text,
    city text,
    region text,
    postal_code text,
    country text,
    latitude double precision,
    longitude double precision,
    year_built integer,
    floor_area_m2 double precision,
    floors integer,
    owner_user_id text,
    owner_org_id text,
    attributes jsonb NOT NULL,
    metadata jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    deleted_at timestamptz
);

CREATE INDEX buildings_by_parent ON buildings (parent_id, id) WHERE parent_id IS NOT NULL;
CREATE INDEX buildings_by_city ON buildings (city, id) WHERE city IS NOT NULL;
CREATE INDEX buildings_by_category ON buildings (category, id) WHERE category IS NOT NULL;
CREATE INDEX buildings_by_name ON buildings (name, id);

-- Outlives what it guards: a request that is repeated after its building was deleted must not make another.
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
