-- For the answer to a repeated request: the contact info that it has deleted.
SELECT customer_id AS id, id AS contact_id, version AS contact_version, kind AS contact_kind, value, address, label,
       is_verified, is_primary, owner_user_id AS contact_owner_user_id, owner_org_id AS contact_owner_org_id,
       attributes AS contact_attributes, metadata AS contact_metadata, created_at AS contact_created_at,
       updated_at AS contact_updated_at, deleted_at AS contact_deleted_at
FROM contact_infos
WHERE id = $1::uuid AND deleted_at IS NOT NULL
