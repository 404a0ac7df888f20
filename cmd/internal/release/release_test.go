package release

import (
	"runtime/debug"
	"testing"
)

func TestReadPrefersTheToolchainsWordOverTheConstant(t *testing.T) {
	for name, test := range map[string]struct {
		main string
		want string
	}{
		"at a tag":                   {"v0.9.1", "v0.9.1"},
		"at a changed tag":           {"v0.9.1+dirty", "v0.9.1+dirty"},
		"at a candidate":             {"v0.9.1-rc.1", "v0.9.1-rc.1"},
		"before the first tag":       {"v0.0.0-20261129113244-56ff34012345", version},
		"after a tag, changed":       {"v0.9.2-0.20261129113244-56ff34012345+dirty", version},
		"without a version":          {"", version},
		"from a folder without git":  {"(devel)", version},
		"from something else's hand": {"newest", version},
	} {
		t.Run(name, func(t *testing.T) {
			if got := read(&debug.BuildInfo{Main: debug.Module{Version: test.main}}).Version; got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestReadTellsTheCommit(t *testing.T) {
	const commit = "56ff340aa2ed4b0b1d09e1e3d0a7d31d3b1e0000"
	built := debug.BuildInfo{Settings: []debug.BuildSetting{
		{Key: "vcs", Value: "git"},
		{Key: "vcs.revision", Value: commit},
	}}
	if got := read(&built).Commit; got != commit {
		t.Errorf("got %q, want %q", got, commit)
	}
	if got := read(&debug.BuildInfo{}).Commit; got != "unknown" {
		t.Errorf("without git got %q, want unknown", got)
	}
}
