package main

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) { testscript.Main(m, map[string]func(){"osbu": main}) }

// TestScripts runs each script of testdata as a person at a shell would, with a
// database and a round of its own.
func TestScripts(t *testing.T) {
	scripts, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(scripts) == 0 {
		t.Fatal("no scripts", err)
	}
	for _, script := range scripts {
		t.Run(strings.TrimSuffix(filepath.Base(script), ".txt"), func(t *testing.T) {
			w := newWorld(t)
			if status, code := w.official(t).post("/api/v1/rounds", newRound("kierros-1", "helsinki-2026"), nil); status != http.StatusCreated {
				t.Fatal(status, code)
			}
			testscript.Run(t, testscript.Params{Files: []string{script}, Setup: func(e *testscript.Env) error {
				e.Setenv("OSBU_OFFICE_DATABASE_URL", w.office.URL)
				e.Setenv("OSBU_MASTER_KEY", testSecret)
				e.Setenv("OSBU_PEPPER", testSecret)
				return nil
			}})
		})
	}
}
