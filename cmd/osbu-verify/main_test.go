package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"osbu-verify": main})
}

// The scripts find there what domain/record's tests keep: record.zip, and
// withheld.zip with its auditors.zip, of two rounds alike but for
// openings_from; receipt.json, promise.json and broken.json of voters in the
// first. changed.zip is record.zip with a bit changed.
func TestScripts(t *testing.T) {
	const from = "../../domain/record/testdata/"
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(e *testscript.Env) error {
			for _, name := range []string{"record.zip", "withheld.zip", "auditors.zip", "receipt.json", "promise.json", "broken.json"} {
				text, err := os.ReadFile(from + name)
				if err != nil {
					return err
				}
				if err := os.WriteFile(filepath.Join(e.WorkDir, name), text, 0o600); err != nil {
					return err
				}
				if name == "record.zip" {
					text[len(text)/2] ^= 1
					if err := os.WriteFile(filepath.Join(e.WorkDir, "changed.zip"), text, 0o600); err != nil {
						return err
					}
				}
			}
			return nil
		},
	})
}

// What a promise is worth depends on whether its time has come.
func TestWaiting(t *testing.T) {
	by := time.Date(2026, 5, 15, 17, 0, 0, 0, time.UTC)
	if got := waiting(by, by.Add(-time.Second)); !strings.HasPrefix(
		got,
		"it is in the box and will be in the log by 2026-05-15T17:00:00Z",
	) {
		t.Error(got)
	}
	if got := waiting(by, by); !strings.HasPrefix(got, "it should have been in the log by 2026-05-15T17:00:00Z") {
		t.Error(got)
	}
}
