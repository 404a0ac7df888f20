package db

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// The lock is asked for every second, and given up after ten minutes: longer
// than any migration here takes.
const (
	lockEvery = 1 // seconds
	lockTries = 600
)

// Migrate applies the migrations in dir that are missing, forward only, each
// file in one transaction with the mark that it was applied: a crash leaves
// both or neither. A session advisory lock lets several instances start at
// once: one migrates, the others wait and find nothing left to do. It returns
// the names of the files applied, also those before one that failed.
func Migrate(ctx context.Context, d *DB, dir fs.FS) (applied []string, err error) {
	key := fnv.New64a()
	_, _ = key.Write([]byte("osbu migrate"))
	locker, err := lock.NewPostgresSessionLocker(
		lock.WithLockID(int64(key.Sum64())), //nolint:gosec // any 64 bits
		lock.WithLockTimeout(lockEvery, lockTries),
	)
	if err != nil {
		return nil, err
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, d.DB.DB, dir, goose.WithSessionLocker(locker))
	if errors.Is(err, goose.ErrNoMigrations) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	results, err := provider.Up(ctx)
	if partial, ok := errors.AsType[*goose.PartialError](err); ok {
		results, err = partial.Applied, fmt.Errorf("%s: %w", partial.Failed.Source.Path, partial.Err)
	}
	for _, one := range results {
		applied = append(applied, one.Source.Path)
	}
	return applied, err
}
