// Package programs embeds what anyone checks a round with, so that one binary
// is the whole service: osbu-verify for the browser, and osbu-verify and
// osbu-tally to download.
package programs

import (
	"embed"
	"io/fs"
)

// dist is what scripts/programs leaves behind. Only dist/.keep is tracked: the
// server also builds without the programs, and its pages then say that there
// are none.
//
//go:embed all:dist
var dist embed.FS

// Dist returns list.json, which names each program with its size and digest,
// the programs, each as NAME.gz, that for the browser as NAME.br, too, and
// wasm_exec.js, which starts it.
func Dist() fs.FS {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // impossible: the directory is embedded above
	}
	return sub
}
