-- Contact infos of a customer that is new or locked. The primary ones come last: those that were have ceased to be.
INSERT INTO contact_infos (id, customer_id, version, kind, value, address, label, is_verified, is_primary, search_key,
                           owner_user_id, owner_org_id, attributes, metadata, created_at, updated_at, deleted_at)
SELECT item.*
FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::boolean[],
            $9::boolean[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::timestamptz[],
            $16::timestamptz[], $17::timestamptz[])
    AS item (id, customer_id, version, kind, value, address, label, is_verified, is_primary, search_key,
             owner_user_id, owner_org_id, attributes, metadata, created_at, updated_at, deleted_at)
ORDER BY item.is_primary
ON CONFLICT (id) DO UPDATE
    SET version = EXCLUDED.version, value = EXCLUDED.value, address = EXCLUDED.address, label = EXCLUDED.label,
        is_verified = EXCLUDED.is_verified, is_primary = EXCLUDED.is_primary, search_key = EXCLUDED.search_key,
        owner_user_id = EXCLUDED.owner_user_id, owner_org_id = EXCLUDED.owner_org_id,
        attributes = EXCLUDED.attributes, metadata = EXCLUDED.metadata, updated_at = EXCLUDED.updated_at,
        deleted_at = EXCLUDED.deleted_at
