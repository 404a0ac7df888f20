package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"

	"osbu/sql/box"
	"osbu/sql/db"
	"osbu/sql/office"
)

type migrate struct{}

// Run migrates the office and then the box, each under its own lock.
func (migrate) Run(ctx context.Context, s settings) error {
	for _, one := range []struct {
		name, url string
		dir       fs.FS
	}{
		{"office", s.OfficeMigrateURL, office.Migrations()},
		{"box", s.BoxMigrateURL, box.Migrations()},
	} {
		applied, err := migrateOne(ctx, one.url, one.dir)
		if err != nil {
			return fmt.Errorf("migrate the %s: %w", one.name, err)
		}
		for _, name := range applied {
			fmt.Fprintf(os.Stdout, "%s %s\n", one.name, name)
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
