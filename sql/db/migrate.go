package db

import (
	"context"
	"fmt"
	"hash/fnv"
	"io/fs"

	"github.com/uptrace/bun/migrate"
)

// Migrate applies the migrations in dir that are missing, forward only, each
// file in its own transaction. A session advisory lock lets several instances
// start at once: one migrates, the others wait and find nothing left to do. It
// returns the names applied.
func Migrate(ctx context.Context, d *DB, dir fs.FS) (applied []string, err error) {
	all := migrate.NewMigrations()
	if err := all.Discover(dir); err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	if len(all.Sorted()) == 0 {
		return nil, nil
	}
	lock, err := d.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _ = lock.Close() }()
	key := fnv.New64a()
	_, _ = key.Write([]byte("osbu migrate"))
	if _, err := lock.ExecContext(ctx, "SELECT pg_advisory_lock(?)", int64(key.Sum64())); err != nil {
		return nil, fmt.Errorf("wait for the migration lock: %w", err)
	}
	defer func() {
		_, _ = lock.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock(?)", int64(key.Sum64()))
	}()
	m := migrate.NewMigrator(d.DB, all, migrate.WithMarkAppliedOnSuccess(true))
	if err := m.Init(ctx); err != nil {
		return nil, fmt.Errorf("prepare the migrations' own tables: %w", err)
	}
	group, err := m.Migrate(ctx)
	if group != nil {
		for _, one := range group.Migrations {
			if one.IsApplied() {
				applied = append(applied, one.Name+"_"+one.Comment)
			}
		}
	}
	return applied, err
}
