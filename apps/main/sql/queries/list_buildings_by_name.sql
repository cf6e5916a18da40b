-- As list_buildings, along the index by name. Materialized: to get them in order the planner would rather walk all
-- buildings than those of that name, whose number it does not know.
WITH named AS MATERIALIZED (
    SELECT id, version, name, kind, category, parent_id, street, city, region, postal_code, country, latitude,
           longitude, year_built, floor_area_m2, floors, owner_user_id, owner_org_id, attributes, metadata,
           created_at, updated_at, deleted_at
    FROM buildings
    WHERE deleted_at IS NULL
      AND id < $1::uuid
      AND ($3::text IS NULL OR kind = $3)
      AND ($4::text IS NULL OR category = $4)
      AND ($5::text IS NULL OR city = $5)
      AND ($6::uuid IS NULL OR parent_id = $6)
      AND name >= $7::text AND name < $8::text
)
SELECT *
FROM named
ORDER BY id DESC
LIMIT $2
