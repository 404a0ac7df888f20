package testdb

import (
	"context"
	"slices"
	"testing"
)

// SearchPath is what every function of ours is bound to. Without it a function
// reads the tables that its caller's path finds first, and that of whoever may
// make a table anywhere on it is the caller's own.
const SearchPath = "search_path=pg_catalog, public, pg_temp"

// Function is one of ours: what belongs to an extension is not.
type Function struct {
	Name     string   // with its arguments' types
	Settings []string `bun:",array"`
	Definer  bool     // it acts as the database's owner
	Public   bool     // everybody may call it
	Trigger  bool
	Callable bool // the production role may call it
}

// Functions are the database's, as the production role finds them, by name.
func (d *DB) Functions(t testing.TB) (all []Function) {
	t.Helper()
	err := d.NewRaw(`
SELECT p.oid::regprocedure::text AS name, coalesce(p.proconfig, '{}') AS settings, p.prosecdef AS definer,
	p.proacl IS NULL OR EXISTS (SELECT FROM aclexplode(p.proacl) WHERE grantee = 0 AND privilege_type = 'EXECUTE') AS public,
	p.prorettype = 'trigger'::regtype AS trigger, has_function_privilege(p.oid, 'EXECUTE') AS callable
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema')
	AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid AND e.deptype = 'e')
ORDER BY 1`).Scan(context.Background(), &all)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		t.Fatal("the database has no functions: this would see nothing")
	}
	return all
}

// CheckSearchPaths fails for every function without exactly SearchPath.
func (d *DB) CheckSearchPaths(t *testing.T) {
	t.Helper()
	for _, f := range d.Functions(t) {
		if !slices.Contains(f.Settings, SearchPath) {
			t.Errorf("%s has the settings %q, want %q among them", f.Name, f.Settings, SearchPath)
		}
	}
}
