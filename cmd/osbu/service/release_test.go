package service

import (
	"net/http"
	"testing"

	"osbu/cmd/internal/release"
)

func TestReadinessTellsVersionAndCommit(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var got struct {
		Status, Release, Commit string
		Databases               map[string]string
	}
	if status, code := w.anonymous(t).get("/readiness", &got); status != http.StatusOK {
		t.Fatalf("got %d %s, want 200", status, code)
	}
	want := release.Read()
	if got.Release != want.Version || got.Commit != want.Commit {
		t.Errorf("got release %q, commit %q; want %q, %q", got.Release, got.Commit, want.Version, want.Commit)
	}
	if got.Status != "ready" || got.Databases["office"] != "ok" || got.Databases["box"] != "ok" {
		t.Errorf("got %q, databases %v; want ready, both ok", got.Status, got.Databases)
	}
}
