-- A new customer, or one that is locked.
INSERT INTO customers (id, version, name, kind, owner_user_id, owner_org_id, attributes, metadata, created_at,
                       updated_at, deleted_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (id) DO UPDATE
    SET version = EXCLUDED.version, name = EXCLUDED.name, kind = EXCLUDED.kind,
        owner_user_id = EXCLUDED.owner_user_id, owner_org_id = EXCLUDED.owner_org_id,
        attributes = EXCLUDED.attributes, metadata = EXCLUDED.metadata, updated_at = EXCLUDED.updated_at,
        deleted_at = EXCLUDED.deleted_at
