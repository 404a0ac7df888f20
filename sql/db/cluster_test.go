package db_test

import (
	"context"
	"io/fs"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"osbu/sql/box"
	"osbu/sql/db"
	"osbu/sql/office"
	"osbu/sql/testdb"
)

// cluster starts a PostgreSQL of the test's own, and gives scripts/postgres for
// it.
func cluster(t *testing.T) func(command string, args ...string) string {
	t.Helper()
	state, err := os.MkdirTemp("", "osbu") // short: a socket's path may have 107 bytes
	if err != nil {
		t.Fatal(err)
	}
	script := func(command string, args ...string) string {
		t.Helper()
		out, err := exec.Command("../../scripts/postgres", append(append([]string{command}, args...), state)...).Output()
		if err != nil {
			t.Fatalf("scripts/postgres %s: %v", command, err)
		}
		return strings.TrimSpace(string(out))
	}
	t.Cleanup(func() {
		script("reset")
		_ = os.RemoveAll(state)
	})
	script("start")
	return script
}

// Two databases of one cluster are told from those of two: the second cluster
// is a real one.
func TestSameCluster(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	a, b := testdb.New(t, office.Migrations(), office.Role).DB, testdb.New(t, testdb.Empty, "").DB
	if same, err := db.SameCluster(ctx, a, b); err != nil || !same {
		t.Errorf("of one cluster, asked by the server's role: got %v, %v, want true", same, err)
	}
	script := cluster(t)
	other, err := db.Open(ctx, db.Config{URL: script("url", "test")})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Close() }()
	if same, err := db.SameCluster(ctx, a, other); err != nil || same {
		t.Errorf("of two clusters: got %v, %v, want false", same, err)
	}
}

// PostgreSQL starts again after its first process is killed in the middle of
// whatever writes a table anew. With an unlogged table made or truncated in
// that transaction it did not: "could not create file: File exists".
func TestStartsAfterACrash(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	script := cluster(t)
	for _, side := range []struct {
		name       string
		migrations fs.FS
		stage      string
		anew       []string
	}{
		{"office", office.Migrations(), "", []string{
			"SELECT shuffle_rights()", "SELECT destroy_recoveries('none')", "SELECT destroy_issuers('none')",
			"SELECT open_staged()",
		}},
		{"box", box.Migrations(), `INSERT INTO log VALUES ('r1', '', ''); INSERT INTO manifest VALUES ('r1', '');
			SELECT open_vote('r1', now(), now() + interval '1 day')`, []string{"SELECT shuffle_partition('r1')"}},
	} {
		owner, err := db.Open(ctx, db.Config{URL: script("url", side.name+"-migrate")})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.Migrate(ctx, owner, side.migrations); err != nil {
			t.Fatal(err)
		}
		if _, err := owner.ExecContext(ctx, side.stage); side.stage != "" && err != nil {
			t.Fatal(err)
		}
		_ = owner.Close()
		for _, statement := range side.anew {
			crash(t, script("url", "test"), script("url", side.name+"-migrate"), statement)
			script("start")
		}
	}
}

// crash kills PostgreSQL's first process when the statement is done, but not
// committed; the others notice, end their transactions and go.
func crash(t *testing.T, admin, url, statement string) {
	t.Helper()
	ctx := context.Background()
	d, err := db.Open(ctx, db.Config{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	tx, err := d.BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.ExecContext(ctx, statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	a, err := db.Open(ctx, db.Config{URL: admin})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = a.Close() }()
	var file string
	if err := a.QueryRowContext(ctx, "SELECT pg_read_file('postmaster.pid')").Scan(&file); err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(file, "\n")
	pid, err := strconv.Atoi(first)
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
}
