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

// Several instances start at once on an empty database: each migration is applied once, and none fails.
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
