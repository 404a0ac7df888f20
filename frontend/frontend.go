// Package frontend embeds the built pages, so that one binary is the whole
// service.
package frontend

import (
	"embed"
	"io/fs"
)

// dist is what `npm run build` leaves behind. Only dist/.keep is tracked: the
// server also builds without the pages, and then serves the API alone.
//
//go:embed all:dist
var dist embed.FS

// Dist returns the built pages: index.html (residents), staff.html (/desk and
// /office) and assets/, whose names carry a content hash and never change.
func Dist() fs.FS {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // impossible: the directory is embedded above
	}
	return sub
}
