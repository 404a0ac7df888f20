package db_test

import (
	"cmp"
	"context"
	"net"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"osbu/sql/db"
	"osbu/sql/office"
	"osbu/sql/testdb"
)

// A host that takes connections and never answers, as a stopped machine's does,
// is passed over for the next one of the URL.
func TestSilentHost(t *testing.T) {
	t.Parallel()
	d := testdb.New(t, office.Migrations(), office.Role)
	silent := t.TempDir()
	listener, err := net.Listen("unix", filepath.Join(silent, ".s.PGSQL.5432"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	address, err := url.Parse(d.URL)
	if err != nil {
		t.Fatal(err)
	}
	query := address.Query()
	query.Set("host", silent+","+cmp.Or(query.Get("host"), address.Hostname()))
	query.Set("target_session_attrs", "read-write")
	address.RawQuery = query.Encode()
	both, err := db.Open(context.Background(), db.Config{URL: address.String(), Role: office.Role})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = both.Close() }()
	if _, err := db.Now(context.Background(), both); err != nil {
		t.Error(err)
	}
}

// A copy of a database lets everybody make temporary tables again, whatever was
// revoked on the original; and where the functions got another owner, their
// owner may lack the right.
func TestWhoMayMakeTemporaryTables(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for _, change := range []struct{ statement, want string }{
		{"GRANT TEMPORARY ON DATABASE %s TO PUBLIC", "osbu_office may make temporary tables: REVOKE TEMPORARY ON DATABASE"},
		{"ALTER FUNCTION osbu_now() OWNER TO osbu_office", "may not: GRANT TEMPORARY ON DATABASE"},
	} {
		d := testdb.New(t, office.Migrations(), office.Role)
		address, err := url.Parse(d.URL)
		if err != nil {
			t.Fatal(err)
		}
		statement := strings.Replace(change.statement, "%s", strings.TrimPrefix(address.Path, "/"), 1)
		if _, err := d.Owner.ExecContext(ctx, statement); err != nil {
			t.Fatal(err)
		}
		again, err := db.Open(ctx, db.Config{URL: d.URL, Role: office.Role})
		if err == nil {
			_ = again.Close()
		}
		if err == nil || !strings.Contains(err.Error(), change.want) {
			t.Errorf("after %s: got %v, want %q", statement, err, change.want)
		}
	}
}
