package db_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"osbu/sql/box"
	"osbu/sql/db"
	"osbu/sql/office"
	"osbu/sql/testdb"
)

// Several instances start at once on an empty database: each migration is
// applied once, and none fails.
func TestMigrateByManyInstances(t *testing.T) {
	t.Parallel()
	empty := testdb.New(t, testdb.Empty, "")
	var wg sync.WaitGroup
	var mu sync.Mutex
	total := 0
	for range 4 {
		wg.Go(func() {
			d, err := db.Open(context.Background(), db.Config{URL: empty.URL, MaxConns: 3})
			if err != nil {
				t.Error(err)
				return
			}
			defer func() { _ = d.Close() }()
			applied, err := db.Migrate(context.Background(), d, office.Migrations())
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			total += len(applied)
			mu.Unlock()
		})
	}
	wg.Wait()
	var tables int
	if err := empty.NewRaw("SELECT count(*) FROM goose_db_version WHERE version_id > 0").
		Scan(context.Background(), &tables); err != nil {
		t.Fatal(err)
	}
	if total == 0 || total != tables {
		t.Fatalf("applied %d migrations, the table knows %d", total, tables)
	}
}

// The connection is cut after a migration has run and before its mark is kept:
// nothing of it stays, and the next one who migrates does it whole.
func TestMigrationIsCutBeforeItsMark(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	d := testdb.New(t, testdb.Empty, "").Owner
	migration := func(statement string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("-- +goose Up\n" + statement + ";\n")}
	}
	files := fstest.MapFS{"00010_one.sql": migration("CREATE TABLE one ()")}
	migrate := func(want ...string) error {
		t.Helper()
		applied, err := db.Migrate(ctx, d, files)
		if !slices.Equal(applied, want) {
			t.Errorf("got %q applied, %v; want %q", applied, err, want)
		}
		return err
	}
	if err := migrate("00010_one.sql"); err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		`CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
			PERFORM pg_terminate_backend(pg_backend_pid());
			RETURN NEW;
		END $$`,
		"CREATE TRIGGER cut BEFORE INSERT ON goose_db_version FOR EACH ROW WHEN (NEW.version_id = 30) EXECUTE FUNCTION cut()",
	} {
		if _, err := d.ExecContext(ctx, statement); err != nil {
			t.Fatal(err)
		}
	}
	files["00020_two.sql"], files["00030_three.sql"] = migration("CREATE TABLE two ()"), migration("CREATE TABLE three ()")
	cut := migrate("00020_two.sql")
	if cut == nil || !strings.HasPrefix(cut.Error(), "00030_three.sql: ") {
		t.Errorf("got %v, want a failure of 00030_three.sql", cut)
	}
	there := func() (names string) {
		t.Helper()
		err := d.QueryRowContext(ctx, `SELECT concat_ws(' ', to_regclass('one'), to_regclass('two'), to_regclass('three'),
			(SELECT string_agg(version_id::text, ' ' ORDER BY version_id) FROM goose_db_version
			WHERE version_id > 0))`).Scan(&names)
		if err != nil {
			t.Fatal(err)
		}
		return names
	}
	if got, want := there(), "one two 10 20"; got != want {
		t.Errorf("after the cut: got %s, want %s", got, want)
	}
	if _, err := d.ExecContext(ctx, "DROP TRIGGER cut ON goose_db_version"); err != nil {
		t.Fatal(err)
	}
	if err := migrate("00030_three.sql"); err != nil {
		t.Error(err)
	}
	if got, want := there(), "one two three 10 20 30"; got != want {
		t.Errorf("after another try: got %s, want %s", got, want)
	}
}

// What is answered is on disk, also where a server or a database would rather
// be fast.
func TestCommitsAreDurable(t *testing.T) {
	t.Parallel()
	d := testdb.New(t, office.Migrations(), office.Role)
	ctx := context.Background()
	var name, setting string
	if err := d.Owner.NewRaw("SELECT current_database()").Scan(ctx, &name); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Owner.ExecContext(ctx, "ALTER DATABASE "+name+" SET synchronous_commit = off"); err != nil {
		t.Fatal(err)
	}
	again, err := db.Open(ctx, db.Config{URL: d.URL, Role: office.Role})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = again.Close() }()
	if err := again.NewRaw("SHOW synchronous_commit").Scan(ctx, &setting); err != nil || setting != "on" {
		t.Errorf("synchronous_commit is %s, %v", setting, err)
	}
}

func TestRoleIsTakenOn(t *testing.T) {
	t.Parallel()
	d := testdb.New(t, box.Migrations(), box.Role)
	var role string
	if err := d.NewRaw("SELECT current_user").Scan(context.Background(), &role); err != nil {
		t.Fatal(err)
	}
	if role != box.Role {
		t.Fatalf("acting as %s", role)
	}
	if _, err := d.ExecContext(context.Background(), "CREATE TABLE mine ()"); err == nil {
		t.Fatal("the production role may create tables")
	}
}
