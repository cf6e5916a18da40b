-- Early signals of runs that have been started meanwhile.
SELECT DISTINCT e.definition, e.key FROM early_signals AS e JOIN run_keys AS k USING (definition, key) LIMIT $1
