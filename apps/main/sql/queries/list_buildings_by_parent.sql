-- As list_buildings, along the index by parent.
SELECT id, version, name, kind, category, parent_id, street, city, region, postal_code, country, latitude, longitude,
       year_built, floor_area_m2, floors, owner_user_id, owner_org_id, attributes, metadata, created_at, updated_at,
       deleted_at
FROM buildings
WHERE deleted_at IS NULL
  AND (parent_id, id) < ($6::uuid, $1::uuid)
  AND ($3::text IS NULL OR kind = $3)
  AND ($4::text IS NULL OR category = $4)
  AND ($5::text IS NULL OR city = $5)
  AND parent_id >= $6
  AND ($7::text IS NULL OR (name >= $7 AND name < $8))
ORDER BY parent_id DESC, id DESC
LIMIT $2
