// Package testdb gives each test its own database on a real PostgreSQL,
// migrated, and acting under the production role. It never skips.
package testdb

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/jackc/pgx/v5"

	"osbu/sql/db"
)

// Empty has no migrations.
var Empty fs.FS = fstest.MapFS{}

// DB is a test's own database.
type DB struct {
	*db.DB        // acts under the production role
	Owner  *db.DB // may do anything: to stage a state that the role cannot, and to look at it
	URL    string // for a second pool
}

// New clones a database that the migrations have been applied to, and drops it
// at the end of the test.
func New(t testing.TB, migrations fs.FS, role string) *DB {
	t.Helper()
	ctx := context.Background()
	admin := adminURL(t)
	template := prepare(t, ctx, admin, migrations)
	name := "osbu_test_" + random()
	// Its files as they are, not page by page through the write-ahead log: half
	// the time.
	exec(t, ctx, admin, fmt.Sprintf("CREATE DATABASE %s TEMPLATE %s STRATEGY FILE_COPY", name, template))
	// What the migrations revoked on the template is not copied.
	exec(t, ctx, admin, "REVOKE TEMPORARY ON DATABASE "+name+" FROM PUBLIC")
	t.Cleanup(func() { exec(t, ctx, admin, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)") })
	d := &DB{URL: withDatabase(t, admin, name)}
	var err error
	if d.Owner, err = db.Open(ctx, db.Config{URL: d.URL, MaxConns: 4}); err != nil {
		t.Fatal(err)
	}
	if d.DB, err = db.Open(ctx, db.Config{URL: d.URL, Role: role, MaxConns: 16}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.DB.Close(); _ = d.Owner.Close() })
	return d
}

// SetClock makes the database believe that it is this moment (an SQL
// timestamptz literal) and that time stands still.
func (d *DB) SetClock(t testing.TB, moment string) {
	t.Helper()
	_, err := d.Owner.ExecContext(
		context.Background(),
		"CREATE OR REPLACE FUNCTION osbu_now() RETURNS timestamptz LANGUAGE sql STABLE "+
			"SET search_path = pg_catalog, public, pg_temp AS $$ SELECT timestamptz '"+moment+"' $$",
	)
	if err != nil {
		t.Fatal(err)
	}
}

// prepare makes the migrated template once per set of migrations, however many
// test processes ask at once.
func prepare(t testing.TB, ctx context.Context, admin string, migrations fs.FS) string {
	t.Helper()
	digest := sha256.New()
	err := fs.WalkDir(migrations, ".", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := fs.ReadFile(migrations, path)
		fmt.Fprintf(digest, "%s\x00%s\x00", path, text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	name := "osbu_template_" + hex.EncodeToString(digest.Sum(nil)[:8])
	conn, err := pgx.Connect(ctx, admin)
	if err != nil {
		t.Fatalf("%v\nis PostgreSQL running? ./scripts/postgres start", err)
	}
	defer func() { _ = conn.Close(ctx) }()
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock(hashtext('osbu testdb'))"); err != nil {
		t.Fatal(err)
	}
	var ready bool
	if err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1 AND datistemplate)", name).
		Scan(&ready); err != nil {
		t.Fatal(err)
	}
	if ready {
		return name
	}
	for _, q := range []string{"DROP DATABASE IF EXISTS " + name + " WITH (FORCE)", "CREATE DATABASE " + name} {
		if _, err := conn.Exec(ctx, q); err != nil {
			t.Fatal(err)
		}
	}
	d, err := db.Open(ctx, db.Config{URL: withDatabase(t, admin, name), MaxConns: 4})
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.Migrate(ctx, d, migrations)
	_ = d.Close()
	if err != nil {
		t.Fatalf("migrate: %v", err)
	}
	if _, err := conn.Exec(ctx, "ALTER DATABASE "+name+" IS_TEMPLATE true"); err != nil {
		t.Fatal(err)
	}
	return name
}

// adminURL is OSBU_TEST_DATABASE_URL, or what scripts/postgres left in the
// checkout's .local.
func adminURL(t testing.TB) string {
	t.Helper()
	if u := os.Getenv("OSBU_TEST_DATABASE_URL"); u != "" {
		return u
	}
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if text, err := os.ReadFile(filepath.Join(dir, ".local", "test-database-url")); err == nil {
			return strings.TrimSpace(string(text))
		}
		if parent := filepath.Dir(dir); parent != dir {
			dir = parent
			continue
		}
		t.Fatal(
			"tests need PostgreSQL: run ./scripts/postgres start, or set OSBU_TEST_DATABASE_URL to an administrator's address",
		)
	}
}

func exec(t testing.TB, ctx context.Context, address, query string) {
	t.Helper()
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(ctx) }()
	if _, err := conn.Exec(ctx, query); err != nil {
		t.Fatal(err)
	}
}

func withDatabase(t testing.TB, address, name string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	return u.String()
}

func random() string {
	b := make([]byte, 8)
	_, _ = rand.Read(b)
	return hex.EncodeToString(b)
}
