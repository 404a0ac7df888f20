package main

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"osbu/domain"
	"osbu/domain/round"
	"osbu/sql/office"
	"osbu/sql/testdb"
)

func TestMain(m *testing.M) { testscript.Main(m, map[string]func(){"osbu": main}) }

// newRound makes kierros-1 in a database of its own, and gives its address.
func newRound(t *testing.T) (database string) {
	t.Helper()
	d := testdb.New(t, office.Migrations(), office.Role)
	settings, err := round.Helsinki2026.Settings()
	if err != nil {
		t.Fatal(err)
	}
	days := func(opens, closes int) round.Window {
		day := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		return round.Window{Opens: day.AddDate(0, 0, opens), Closes: day.AddDate(0, 0, closes)}
	}
	official := domain.Actor{ID: 1, Name: "Olli Official", Roles: []domain.Role{domain.Official}}
	_, err = round.New(office.New(d.DB, time.UTC), nil).Create(t.Context(), official, round.Round{
		ID: "kierros-1", Name: domain.Text{Fi: "OmaStadi", Sv: "OmaStadi"}, Settings: settings,
		Times: round.Times{Proposing: days(0, 30), Vetting: days(30, 90), Voting: days(120, 135)},
	})
	if err != nil {
		t.Fatal(err)
	}
	return d.URL
}

// TestScripts runs each script of testdata as a person at a shell would, with a
// database and a round of its own.
func TestScripts(t *testing.T) {
	scripts, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(scripts) == 0 {
		t.Fatal("no scripts", err)
	}
	for _, script := range scripts {
		t.Run(strings.TrimSuffix(filepath.Base(script), ".txt"), func(t *testing.T) {
			database := newRound(t)
			testscript.Run(t, testscript.Params{Files: []string{script}, Setup: func(e *testscript.Env) error {
				e.Setenv("OSBU_OFFICE_DATABASE_URL", database)
				if err := packDecidim(e.WorkDir); err != nil {
					return err
				}
				for i, name := range []string{
					"SEAL_ISSUERS", "SEAL_LOGS", "SEAL_OPENINGS", "SEAL_ADDRESSES", "SEAL_SESSIONS", "PEPPER",
				} {
					e.Setenv("OSBU_"+name, base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{byte(i + 1)}, 32)))
				}
				return nil
			}})
		})
	}
}

// packDecidim writes the sample exports as Decidim packs them.
func packDecidim(dir string) error {
	samples := filepath.Join("..", "..", "domain", "decidim", "testdata")
	for _, version := range []string{"0.27", "0.30"} {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		if err := errors.Join(z.AddFS(os.DirFS(filepath.Join(samples, version))), z.Close()); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, "decidim-"+version+".zip"), b.Bytes(), 0o600); err != nil {
			return err
		}
	}
	return nil
}
