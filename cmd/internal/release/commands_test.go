package release_test

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"osbu/cmd/internal/release"
)

func TestEveryCommandShowsItsVersion(t *testing.T) {
	mains, err := filepath.Glob("../../*/main.go")
	if err != nil || len(mains) < 5 {
		t.Fatalf("got %d commands, %v; want at least 5", len(mains), err)
	}
	bin := t.TempDir()
	build := exec.CommandContext(t.Context(), "go", "build", "-buildvcs=false", "-o", bin)
	for _, main := range mains {
		build.Args = append(build.Args, "./"+filepath.Dir(main))
	}
	if said, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	for _, main := range mains {
		name := filepath.Base(filepath.Dir(main))
		t.Run(name, func(t *testing.T) {
			command := exec.CommandContext(t.Context(), filepath.Join(bin, name), "--version")
			command.Env = []string{} // no settings are needed
			got, err := command.Output()
			want := "^" + name + " " + regexp.QuoteMeta(release.Read().Version) + ` \(commit [0-9a-z]+\)` + "\n$"
			if err != nil || !regexp.MustCompile(want).Match(got) {
				t.Errorf("got %q, %v, want %s", got, err, want)
			}
		})
	}
}
