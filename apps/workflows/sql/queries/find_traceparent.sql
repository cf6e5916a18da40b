-- The trace of whoever started a workflow, which goes on through its children.
SELECT traceparent FROM workflows WHERE id = $1 AND traceparent IS NOT NULL
