package service

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"osbu/domain"
	"osbu/domain/round"
)

// roundKeys are a folder with a key for each round whose vote is not closed yet
// (roll.Wrapping). It is shared by all servers, and in no database and no
// backup: once a file is overwritten, no copy of a database opens the round's
// issuer keys, whatever other secret there is.
type roundKeys struct {
	dir    string
	issuer domain.Sealer
}

func (k roundKeys) path(round string) string { return filepath.Join(k.dir, round+".key") }

// Make implements roll.Wrapping. A link is made of a file that is whole, so
// that of two servers one is first, and a crash leaves no half of a key.
func (k roundKeys) Make(round string) (domain.Sealer, error) {
	if k.dir == "" {
		return domain.Sealer{}, errors.New("OSBU_ROUND_KEYS is not set: want a folder for keys that are destroyed")
	}
	fresh, err := os.CreateTemp(k.dir, "fresh-*") // 0600
	if err != nil {
		return domain.Sealer{}, err
	}
	defer func() { _ = os.Remove(fresh.Name()) }()
	key := make([]byte, 32)
	_, _ = rand.Read(key)
	if err := write(fresh, key); err != nil {
		return domain.Sealer{}, err
	}
	if err := os.Link(fresh.Name(), k.path(round)); err != nil && !errors.Is(err, fs.ErrExist) {
		return domain.Sealer{}, err
	}
	return k.Find(round)
}

// Find implements roll.Wrapping.
func (k roundKeys) Find(round string) (domain.Sealer, error) {
	key, err := os.ReadFile(k.path(round))
	if err != nil {
		return domain.Sealer{}, fmt.Errorf("OSBU_ROUND_KEYS: %w", err)
	}
	return k.issuer.Under(key)
}

// Destroy implements roll.Wrapping: the file is overwritten on the disk before
// its name goes.
func (k roundKeys) Destroy(round string) error {
	file, err := os.OpenFile(k.path(round), os.O_WRONLY, 0)
	if errors.Is(err, fs.ErrNotExist) || k.dir == "" {
		return nil
	}
	if err != nil {
		return err
	}
	noise := make([]byte, 32)
	_, _ = rand.Read(noise)
	if err := write(file, noise); err != nil {
		return err
	}
	return os.Remove(k.path(round))
}

// left are the rounds that have a key.
func (k roundKeys) left() (rounds []string, err error) {
	if k.dir == "" {
		return nil, nil
	}
	files, err := os.ReadDir(k.dir)
	if err != nil {
		return nil, fmt.Errorf("OSBU_ROUND_KEYS: %w", err)
	}
	for _, file := range files {
		if id, ok := strings.CutSuffix(file.Name(), ".key"); ok {
			rounds = append(rounds, id)
		}
	}
	return rounds, nil
}

// write has the bytes on the disk, and closes the file.
func write(file *os.File, bytes []byte) error {
	_, err := file.Write(bytes)
	return errors.Join(err, file.Sync(), file.Close())
}

// destroyKeys destroys the keys of rounds whose vote is closed. Once more
// changes nothing.
func destroyKeys(ctx context.Context, rounds interface {
	Rounds(ctx context.Context) ([]round.Round, time.Time, error)
}, keys roundKeys,
) error {
	all, _, err := rounds.Rounds(ctx)
	for _, r := range all {
		if r.Phase.Reached(round.Closed) {
			err = errors.Join(err, keys.Destroy(r.ID))
		}
	}
	return err
}
