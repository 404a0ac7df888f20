// Package release says which osbu a program is.
package release

import (
	"runtime/debug"

	"github.com/alecthomas/kong"
	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"
)

// version is that of the next tag, for programs that were not built at a tag.
const version = "v0.2.0"

// Release is a version and the commit that the program was built from.
type Release struct {
	Version string // v0.2.0
	Commit  string // 40 hexadecimal digits, or "unknown"
}

// Read is the running program's.
func Read() Release {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{}
	}
	return read(info)
}

// read takes the version from the Go toolchain if it found a tag (at another
// commit it makes one up, v0.2.1-0.20261129…, which is no release's name), and
// otherwise the constant.
func read(info *debug.BuildInfo) Release {
	r := Release{Version: version, Commit: "unknown"}
	if v := info.Main.Version; semver.IsValid(v) && !module.IsPseudoVersion(v) {
		r.Version = v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			r.Commit = s.Value
		}
	}
	return r
}

// Flag is embedded by every command, together with Vars among its options.
type Flag struct {
	Version kong.VersionFlag `help:"Show the version and end."`
}

// Vars tells Flag what to show: "osbu v0.2.0 (commit 1234…)".
func Vars(name string) kong.Vars {
	r := Read()
	return kong.Vars{"version": name + " " + r.Version + " (commit " + r.Commit + ")"}
}
