-- The first half of a change; the row lock makes racing writers go one after the other.
SELECT id, version, name, kind, category, parent_id, street, city, region, postal_code, country, latitude, longitude,
       year_built, floor_area_m2, floors, owner_user_id, owner_org_id, attributes, metadata, created_at, updated_at,
       deleted_at
FROM buildings
WHERE id = $1::uuid AND deleted_at IS NULL
FOR UPDATE
