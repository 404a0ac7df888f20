package testdb

import (
	"context"
	"maps"
	"slices"
	"testing"
)

// CheckMoments fails unless these are exactly the columns that hold a moment or
// a day, or are numbered in the order in which rows came, and the sequences of
// no column. Each has the reason why it may: what a voter's act writes must
// have none, for whoever holds both databases would lay one order beside the
// other.
func (d *DB) CheckMoments(t *testing.T, reasons map[string]string) {
	t.Helper()
	var found []string
	err := d.Owner.NewRaw(`
SELECT c.relname || '.' || a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
	JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
	LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relkind IN ('r', 'p', 'm') AND a.attnum > 0 AND NOT a.attisdropped AND c.relname NOT LIKE 'goose%'
	AND (a.attidentity <> '' OR pg_get_expr(d.adbin, d.adrelid) LIKE '%nextval%'
		OR a.atttypid IN ('timestamptz'::regtype, 'timestamp'::regtype, 'date'::regtype, 'time'::regtype,
			'timetz'::regtype, 'interval'::regtype, 'xid8'::regtype, 'xid'::regtype, 'pg_lsn'::regtype)
		OR pg_get_expr(d.adbin, d.adrelid) ~ 'now|clock|timestamp|uuidv7')
UNION ALL
SELECT 'sequence ' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
WHERE c.relkind = 'S' AND c.relname NOT LIKE 'goose%'
	AND NOT EXISTS (SELECT FROM pg_depend p WHERE p.objid = c.oid AND p.deptype IN ('a', 'i'))
ORDER BY 1`).Scan(context.Background(), &found)
	if err != nil {
		t.Fatal(err)
	}
	if len(found) == 0 {
		t.Fatal("the database has no moments: this would see nothing")
	}
	for _, column := range found {
		if reasons[column] == "" {
			t.Errorf("%s tells of a moment or an order, and no reason says why it may", column)
		}
	}
	for _, column := range slices.Sorted(maps.Keys(reasons)) {
		if !slices.Contains(found, column) {
			t.Errorf("there is no %s that tells of a moment or an order", column)
		}
	}
}
