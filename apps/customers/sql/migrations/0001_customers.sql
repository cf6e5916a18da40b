-- Customers, how to reach them, and the keys of the requests that made them.

CREATE TABLE customers (
    id uuid PRIMARY KEY,
    -- Counts the changes of the customer and of its contact infos.
    version bigint NOT NULL,
    -- Compared byte by byte, so that the index below serves prefixes whatever the database's locale.
    name text COLLATE "C" NOT NULL,
    kind text NOT NULL,
    owner_user_id text,
    owner_org_id text,
    attributes text NOT NULL,
    metadata text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    deleted_at timestamptz
);

CREATE INDEX customers_by_name ON customers (name, id) WHERE deleted_at IS NULL;

-- Changed only by those who hold the lock of the customer's row.
CREATE TABLE contact_infos (
    id uuid PRIMARY KEY,
    customer_id uuid NOT NULL REFERENCES customers,
    version bigint NOT NULL,
    kind text NOT NULL,
    value text,
    address text,
    label text,
    is_verified boolean NOT NULL,
    is_primary boolean NOT NULL,
    -- An email address in lower case, the digits of a phone number, the city of a postal address.
    search_key text,
    owner_user_id text,
    owner_org_id text,
    attributes text NOT NULL,
    metadata text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    deleted_at timestamptz
);

CREATE INDEX contact_infos_of_customer ON contact_infos (customer_id, id) WHERE deleted_at IS NULL;
CREATE INDEX contact_infos_by_search_key ON contact_infos (kind, search_key, customer_id) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX contact_infos_primary ON contact_infos (customer_id, kind) WHERE is_primary AND deleted_at IS NULL;

-- Customers with their contact infos: a row for each of these, and one for a customer without any.
CREATE VIEW customer_rows AS
SELECT c.id, c.version, c.name, c.kind, c.owner_user_id, c.owner_org_id, c.attributes, c.metadata,
       c.created_at, c.updated_at, c.deleted_at,
       i.id AS contact_id, i.version AS contact_version, i.kind AS contact_kind, i.value, i.address, i.label,
       i.is_verified, i.is_primary, i.owner_user_id AS contact_owner_user_id, i.owner_org_id AS contact_owner_org_id,
       i.attributes AS contact_attributes, i.metadata AS contact_metadata,
       i.created_at AS contact_created_at, i.updated_at AS contact_updated_at
FROM customers AS c
LEFT JOIN contact_infos AS i ON i.customer_id = c.id AND i.deleted_at IS NULL;

-- Outlives what it guards: a request that is repeated after its customer was deleted must not make another.
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
