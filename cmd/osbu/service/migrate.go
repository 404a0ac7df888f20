package service

import (
	"context"
	"fmt"
	"io/fs"

	"osbu/sql/box"
	"osbu/sql/db"
	"osbu/sql/office"
)

// Migrate brings the office up to date and then the box, each under its own
// lock, and tells of each file that it applied. Several may do so at once.
func Migrate(ctx context.Context, s Settings, applied func(database, file string)) error {
	for _, one := range []struct {
		name, url string
		dir       fs.FS
	}{
		{"office", s.OfficeMigrateURL, office.Migrations()},
		{"box", s.BoxMigrateURL, box.Migrations()},
	} {
		files, err := migrateOne(ctx, one.url, one.dir)
		if err != nil {
			return fmt.Errorf("migrate the %s: %w", one.name, err)
		}
		for _, file := range files {
			applied(one.name, file)
		}
	}
	return nil
}

func migrateOne(ctx context.Context, address string, dir fs.FS) ([]string, error) {
	d, err := db.Open(ctx, db.Config{URL: address, MaxConns: 3})
	if err != nil {
		return nil, err
	}
	defer func() { _ = d.Close() }()
	return db.Migrate(ctx, d, dir)
}
