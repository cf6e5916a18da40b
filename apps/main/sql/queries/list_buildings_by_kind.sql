-- As list_buildings, along the index by kind.
SELECT id, version, name, kind, category, parent_id, street, city, region, postal_code, country, latitude, longitude,
       year_built, floor_area_m2, floors, owner_user_id, owner_org_id, attributes, metadata, created_at, updated_at,
       deleted_at
FROM buildings
WHERE deleted_at IS NULL
  AND (kind, id) < ($3::text, $1::uuid)
  AND kind >= $3
  AND ($4::text IS NULL OR category = $4)
  AND ($5::text IS NULL OR city = $5)
  AND ($6::uuid IS NULL OR parent_id = $6)
  AND ($7::text IS NULL OR (name >= $7 AND name < $8))
ORDER BY kind DESC, id DESC
LIMIT $2
