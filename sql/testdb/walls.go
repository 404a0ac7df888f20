package testdb

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
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
	Source   string
}

// Functions are the database's, as the production role finds them, by name.
func (d *DB) Functions(t testing.TB) (all []Function) {
	t.Helper()
	err := d.NewRaw(`
SELECT p.oid::regprocedure::text AS name, coalesce(p.proconfig, '{}') AS settings, p.prosecdef AS definer,
	p.proacl IS NULL OR EXISTS (SELECT FROM aclexplode(p.proacl)
		WHERE grantee = 0 AND privilege_type = 'EXECUTE') AS public,
	p.prorettype = 'trigger'::regtype AS trigger, has_function_privilege(p.oid, 'EXECUTE') AS callable,
	p.prosrc AS source
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema')
	AND NOT EXISTS (SELECT FROM pg_depend e
		WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid AND e.deptype = 'e')
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

// CheckUnlogged fails for every function that gives an unlogged table a file of
// its own: by making or truncating one. If a crash ends that transaction,
// PostgreSQL 15 does not start again: the backend removes the file's init fork
// when it aborts, recovery replays its creation, and then finds the main fork
// in the way ("could not create file: File exists").
func (d *DB) CheckUnlogged(t *testing.T) {
	t.Helper()
	var unlogged []string
	err := d.NewRaw(
		"SELECT relname FROM pg_class WHERE relkind = 'r' AND relpersistence = 'u'",
	).Scan(context.Background(), &unlogged)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range d.Functions(t) {
		if strings.Contains(strings.ToUpper(f.Source), "UNLOGGED") {
			t.Errorf("%s makes an unlogged table: a temporary one does not stop a recovery", f.Name)
		}
		for _, statement := range strings.Split(f.Source, ";") {
			_, tables, found := strings.Cut(strings.ToUpper(statement), "TRUNCATE ")
			for _, table := range unlogged {
				if found && strings.Contains(tables, strings.ToUpper(table)) {
					t.Errorf("%s truncates the unlogged table %s: delete its rows", f.Name, table)
				}
			}
		}
	}
}

// CheckDefiners fails for every function that acts as the owner and that
// everybody may call, and unless the production role may call exactly these of
// them.
func (d *DB) CheckDefiners(t *testing.T, want ...string) {
	t.Helper()
	var got []string
	for _, f := range d.Functions(t) {
		if !f.Definer {
			continue
		}
		if f.Public {
			t.Errorf("%s acts as the owner, and everybody may call it", f.Name)
		}
		if f.Callable && !f.Trigger {
			got = append(got, f.Name)
		}
	}
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("the role may call, as the owner,\n%q, want\n%q", got, want)
	}
}

// CheckShadow fails unless the role may make no temporary table, and unless the
// database still refuses with that constraint what the attempt does after the
// role, having been allowed one, has made the one that shadows.
func (d *DB) CheckShadow(t *testing.T, shadow, attempt, constraint string) {
	t.Helper()
	ctx := context.Background()
	session, err := d.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = session.Close() }()
	var role, name string
	if err := session.QueryRowContext(ctx, "SELECT current_user, current_database()").Scan(&role, &name); err != nil {
		t.Fatal(err)
	}
	if _, err := session.ExecContext(ctx, shadow); err == nil || !strings.Contains(err.Error(), "42501") {
		t.Errorf("%s: %v, want 42501", shadow, err)
	}
	if _, err := d.Owner.ExecContext(ctx, "GRANT TEMPORARY ON DATABASE "+name+" TO "+role); err != nil {
		t.Fatal(err)
	}
	if _, err := session.ExecContext(ctx, shadow); err != nil {
		t.Fatal(err)
	}
	_, err = session.ExecContext(ctx, attempt)
	if e, ok := errors.AsType[*pgconn.PgError](err); !ok || e.ConstraintName != constraint {
		t.Errorf("%s: %v, want %s", attempt, err, constraint)
	}
}
