package db_test

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"

	"osbu/sql/db"
	"osbu/sql/office"
	"osbu/sql/testdb"
)

// Two databases of one cluster are told from those of two: the second cluster
// is a real one.
func TestSameCluster(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	a, b := testdb.New(t, office.Migrations(), office.Role).DB, testdb.New(t, testdb.Empty, "").DB
	if same, err := db.SameCluster(ctx, a, b); err != nil || !same {
		t.Errorf("of one cluster, asked by the server's role: got %v, %v, want true", same, err)
	}
	state, err := os.MkdirTemp("", "osbu") // short: a socket's path may have 107 bytes
	if err != nil {
		t.Fatal(err)
	}
	script := func(args ...string) string {
		out, err := exec.Command("../../scripts/postgres", args...).Output()
		if err != nil {
			t.Fatalf("scripts/postgres %s: %v", args[0], err)
		}
		return strings.TrimSpace(string(out))
	}
	t.Cleanup(func() {
		script("reset", state)
		_ = os.RemoveAll(state)
	})
	script("start", state)
	other, err := db.Open(ctx, db.Config{URL: script("url", "test", state)})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Close() }()
	if same, err := db.SameCluster(ctx, a, other); err != nil || same {
		t.Errorf("of two clusters: got %v, %v, want false", same, err)
	}
}
