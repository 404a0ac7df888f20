package box

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"
	"golang.org/x/mod/sumdb/tlog"
)

// tiles reads a log, within a transaction or without.
type tiles struct{ q bun.IDB }

// Lines are leaves.
func (t tiles) Lines(ctx context.Context, round string, from, to int64) (lines []string, err error) {
	err = t.q.NewRaw("SELECT line FROM leaf WHERE round = ? AND index >= ? AND index < ? ORDER BY index", round, from, to).
		Scan(ctx, &lines)
	return lines, err
}

// Hashes are roots of complete subtrees.
func (t tiles) Hashes(ctx context.Context, round string, level int, from, to int64) ([]tlog.Hash, error) {
	var rows [][]byte
	err := t.q.NewRaw("SELECT hash FROM hash WHERE round = ? AND level = ? AND n >= ? AND n < ? ORDER BY n", round, level,
		from, to).
		Scan(ctx, &rows)
	if err != nil {
		return nil, err
	}
	hashes := make([]tlog.Hash, len(rows))
	for i, row := range rows {
		if len(row) != tlog.HashSize {
			return nil, fmt.Errorf("a hash of %d bytes", len(row))
		}
		hashes[i] = tlog.Hash(row)
	}
	return hashes, nil
}

// Lines are leaves.
func (s *Store) Lines(ctx context.Context, round string, from, to int64) ([]string, error) {
	return tiles{s.db}.Lines(ctx, round, from, to)
}

// Hashes are roots of complete subtrees.
func (s *Store) Hashes(ctx context.Context, round string, level int, from, to int64) ([]tlog.Hash, error) {
	return tiles{s.db}.Hashes(ctx, round, level, from, to)
}
