package main

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"osbu-verify": main})
}

func TestScripts(t *testing.T) {
	record, err := os.ReadFile("../../domain/record/testdata/record.zip")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(e *testscript.Env) error {
			changed := append([]byte{}, record...)
			changed[len(changed)/2] ^= 1
			if err := os.WriteFile(e.WorkDir+"/changed.zip", changed, 0o600); err != nil {
				return err
			}
			return os.WriteFile(e.WorkDir+"/record.zip", record, 0o600)
		},
	})
}
