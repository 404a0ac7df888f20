package service

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/hex"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/uptrace/bun/dialect/pgdialect"

	"osbu/domain"
	"osbu/handlers/api"
	"osbu/sql/testdb"
)

// After the close neither a copy of the database from during the vote, its
// write-ahead log among it, nor the key of the settings, nor what is left on
// the disk of the round's own key opens an issuer key.
func TestIssuerKeysAreGoneAfterTheClose(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	w.at(t, "2026-01-10 12:00+02")
	official := w.official(t)
	body, projects := byHand("r")
	official.post("/api/v1/rounds", body, nil)
	official.post("/api/v1/rounds/r/projects/import", projects, nil)
	official.post("/api/v1/rounds/r/codes", api.CodesRequest{Count: 1, Label: "codes"}, nil)
	written := writtenSince(t, w.office)
	w.take(t, official, "r", "propose", "vet", "freeze", "open")
	var dumped []byte
	if err := w.office.Owner.NewRaw("SELECT sealed FROM issuer WHERE round = 'r'").Scan(ctx, &dumped); err != nil {
		t.Fatal(err)
	}
	wrapping, err := w.settings.wrapping()
	if err != nil {
		t.Fatal(err)
	}
	const sealed = "issuer key of r, paper main"
	before, err := wrapping.Find("r")
	if err != nil {
		t.Fatal(err)
	}
	private, err := before.Unseal(dumped, sealed)
	if err != nil {
		t.Fatalf("during the vote: %v", err)
	}
	issuer, err := x509.ParsePKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	key, err := os.ReadFile(wrapping.path("r"))
	if err != nil {
		t.Fatal(err)
	}
	// The key of the settings alone opens a layer, below which is another one.
	settings, err := domain.NewSealer(w.settings.SealIssuers...)
	if err != nil {
		t.Fatal(err)
	}
	if inner, err := settings.Unseal(dumped, sealed); err != nil || bytes.Contains(inner, private[:32]) {
		t.Errorf("the key of the settings opens the issuer key: %v", err)
	}
	onDisk := filepath.Join(t.TempDir(), "the file itself")
	if err := os.Link(wrapping.path("r"), onDisk); err != nil {
		t.Fatal(err)
	}
	if again, err := wrapping.Make("r"); err != nil {
		t.Fatal(err)
	} else if _, err := again.Unseal(dumped, sealed); err != nil {
		t.Errorf("making the key again made another one: %v", err)
	}
	if err := w.destroyKeys(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := wrapping.Find("r"); err != nil {
		t.Errorf("destroyed while the vote is open: %v", err)
	}

	w.at(t, "2026-05-17 12:00+03")
	w.take(t, official, "r", "close")
	if _, err := wrapping.Find("r"); err == nil {
		t.Error("the round's key is still there after the close")
	}
	left, err := os.ReadFile(onDisk)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(left, key) || len(left) != len(key) {
		t.Errorf("the file was not overwritten: %s", hex.EncodeToString(left))
	}
	if after, err := wrapping.issuer.Under(left); err != nil {
		t.Fatal(err)
	} else if _, err := after.Unseal(dumped, sealed); err == nil {
		t.Error("what is left on the disk opens the issuer key")
	}
	if err := w.destroyKeys(ctx); err != nil {
		t.Errorf("once more: %v", err)
	}

	// The write-ahead log still has all that the database ever had of the key:
	// the same sealed bytes, which nothing opens any more.
	if !written(dumped) {
		t.Error("the write-ahead log lacks the sealed issuer key: this test does not see it")
	}
	if written(issuer.(*rsa.PrivateKey).D.Bytes()) { // the rest of it is public
		t.Error("the issuer key stands open in the write-ahead log")
	}
	if written(key) {
		t.Error("the round's own key stands in the write-ahead log")
	}
}

// writtenSince tells whether any part of a text was written to the cluster's
// write-ahead log since it was called. Nothing of the log is thrown away
// meanwhile.
func writtenSince(t *testing.T, d *testdb.DB) func(text []byte) bool {
	t.Helper()
	ctx := context.Background()
	slot := "erasure_" + strings.ToLower(rand.Text())
	var from string
	if err := d.Owner.NewRaw("SELECT lsn FROM pg_create_physical_replication_slot(?, true)", slot).
		Scan(ctx, &from); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := d.Owner.ExecContext(ctx, "SELECT pg_drop_replication_slot(?)", slot); err != nil {
			t.Error(err)
		}
	})
	return func(text []byte) bool {
		t.Helper()
		// A page's header may stand between two bytes of a long text, hardly
		// between those of each of its parts.
		const part = 32
		parts := slices.Collect(slices.Chunk(text, part))
		var found bool
		err := d.Owner.NewRaw(`SELECT coalesce(bool_or(position(part IN file) > 0), false)
			FROM pg_ls_waldir(), pg_read_binary_file('pg_wal/' || name, 0, size, true) file, unnest(?::bytea[]) part
			WHERE name BETWEEN pg_walfile_name(?::pg_lsn) AND pg_walfile_name(pg_current_wal_insert_lsn())
			AND length(part) = ?`, pgdialect.Array(parts), from, part).Scan(ctx, &found)
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
}
