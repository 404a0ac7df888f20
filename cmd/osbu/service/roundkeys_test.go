package service

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/hex"
	"os"
	"path/filepath"
	"testing"

	"osbu/domain"
	"osbu/handlers/api"
)

// After the close neither a copy of the database from during the vote, its
// write-ahead log among it, nor the key of the settings, nor what is left on the disk of
// the round's own key opens an issuer key.
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
	if _, err := x509.ParsePKCS8PrivateKey(private); err != nil {
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
}
