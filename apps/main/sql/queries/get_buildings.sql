-- Point reads by primary key, coalesced: all that are asked for at the same moment in one statement.
SELECT id, version, name, kind, category, parent_id, street, city, region, postal_code, country, latitude, longitude,
       year_built, floor_area_m2, floors, owner_user_id, owner_org_id, attributes, metadata, created_at, updated_at,
       deleted_at
FROM buildings
WHERE id = ANY ($1::uuid[]) AND deleted_at IS NULL
