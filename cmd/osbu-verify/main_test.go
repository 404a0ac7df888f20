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
// first; outdone.zip and outdone.json of a voter who voted twice; paper.zip
// with sheets of paper. changed.zip is record.zip with a bit changed.
func TestScripts(t *testing.T) {
	const from = "../../domain/record/testdata/"
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(e *testscript.Env) error {
			for _, name := range []string{
				"record.zip", "corrected.zip", "withheld.zip", "auditors.zip", "receipt.json", "promise.json",
				"broken.json", "outdone.zip", "outdone.json", "paper.zip",
			} {
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
func TestPromises(t *testing.T) {
	by := time.Date(2026, 5, 15, 17, 0, 0, 0, time.UTC)
	c := checkReceipt{File: "../../domain/record/testdata/promise.json"}
	said, err := c.check(t.Context(), by.Add(-time.Second))
	if err != nil || said.Promised != "2026-05-15T17:00:00Z" || said.KeyCompared {
		t.Errorf("a second before: got %+v, %v; want it promised", said, err)
	}
	if _, err := c.check(t.Context(), by); err == nil ||
		!strings.Contains(err.Error(), "should have been in the log by 2026-05-15T17:00:00Z") {
		t.Errorf("in time: got %v, want a refusal", err)
	}
}
