package db_test

import (
	"context"
	"sync"
	"testing"

	"osbu/sql/box"
	"osbu/sql/db"
	"osbu/sql/office"
	"osbu/sql/testdb"
)

// Several instances start at once on an empty database: each migration is
// applied once, and none fails.
func TestMigrateByManyInstances(t *testing.T) {
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
	if err := empty.NewRaw("SELECT count(*) FROM bun_migrations").Scan(context.Background(), &tables); err != nil {
		t.Fatal(err)
	}
	if total == 0 || total != tables {
		t.Fatalf("applied %d migrations, the table knows %d", total, tables)
	}
}

// What is answered is on disk, also where a server or a database would rather
// be fast.
func TestCommitsAreDurable(t *testing.T) {
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
