package box

import (
	"context"
	"encoding/binary"
	"fmt"
	"sync"

	"golang.org/x/mod/sumdb/tlog"

	"osbu/domain"
)

// Tiles reads what is kept of a round's log: its leaves, and the roots of
// complete subtrees of 256 leaves, of 256² and so on. All other hashes are
// computed from these.
type Tiles interface {
	// Lines are the leaves from, and without, to.
	Lines(ctx context.Context, round string, from, to int64) ([]string, error)
	// Hashes are the subtrees' roots of a level, which is 8, 16, …, from, and
	// without, to.
	Hashes(ctx context.Context, round string, level int, from, to int64) ([]tlog.Hash, error)
}

// Height of tiles, and how many hashes a whole one has (C2SP tlog-tiles).
const (
	TileHeight = 8
	TileWidth  = 1 << TileHeight
)

// tile is one tile's hashes.
func tile(ctx context.Context, t Tiles, round string, level int, n int64, width int) ([]tlog.Hash, error) {
	from, to := n*TileWidth, n*TileWidth+int64(width)
	if level > 0 {
		hashes, err := t.Hashes(ctx, round, level*TileHeight, from, to)
		if err == nil && len(hashes) != width {
			err = missing(round, "hashes")
		}
		return hashes, err
	}
	lines, err := t.Lines(ctx, round, from, to)
	if err != nil {
		return nil, err
	}
	if len(lines) != width {
		return nil, missing(round, "leaves")
	}
	hashes := make([]tlog.Hash, width)
	for i, line := range lines {
		hashes[i] = tlog.RecordHash([]byte(line))
	}
	return hashes, nil
}

func missing(round, what string) error {
	return domain.Fail(
		domain.Internal,
		domain.CodeInvalid,
		"the log of round %s lacks %s that its checkpoint is over",
		round,
		what,
	)
}

// tileReader lets x/mod read the tree. tlog.TileHashReader checks each tile
// against the checkpoint's root: what it gives is proven to be in the tree.
type tileReader struct {
	ctx   context.Context
	tiles Tiles
	round string
	kept  *kept // nil within a transaction, which may come to nothing
}

// kept are tiles that were read: a log's tile of one width never changes.
// Voters who look their receipts up at the same time need the same few.
type kept struct {
	mu    sync.RWMutex
	tiles map[keptTile][]byte
}

type keptTile struct {
	round string
	level int
	n     int64
	width int
}

// mostKept bounds their memory, to 8 MB; 90,000 leaves have about 350 tiles.
const mostKept = 1024

func (k *kept) find(t keptTile) []byte {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.tiles[t]
}

func (k *kept) keep(t keptTile, data []byte) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.tiles) >= mostKept {
		clear(k.tiles)
	}
	k.tiles[t] = data
}

func (r tileReader) Height() int { return TileHeight }

func (r tileReader) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	data := make([][]byte, len(tiles))
	for i, t := range tiles {
		at := keptTile{r.round, t.L, t.N, t.W}
		if r.kept != nil {
			if data[i] = r.kept.find(at); data[i] != nil {
				continue
			}
		}
		hashes, err := tile(r.ctx, r.tiles, r.round, t.L, t.N, t.W)
		if err != nil {
			return nil, err
		}
		data[i] = joined(hashes)
		if r.kept != nil {
			r.kept.keep(at, data[i])
		}
	}
	return data, nil
}

func (r tileReader) SaveTiles([]tlog.Tile, [][]byte) {}

// hashes reads any hash of the checkpoint's tree.
func (c Checkpoint) hashes(r tileReader) tlog.HashReader {
	return tlog.TileHashReader(tlog.Tree{N: c.Size, Hash: c.Root}, r)
}

func (s *Service) hashes(ctx context.Context, c Checkpoint) tlog.HashReader {
	return c.hashes(tileReader{ctx, s.Store, c.Round, s.tiles})
}

func joined(hashes []tlog.Hash) []byte {
	data := make([]byte, 0, len(hashes)*tlog.HashSize)
	for _, h := range hashes {
		data = append(data, h[:]...)
	}
	return data
}

// Tile is a tile of the round's log as C2SP tlog-tiles has it: width hashes of
// 32 bytes, on a level of tiles. NotFound beyond the last checkpoint's tree.
func (s *Service) Tile(ctx context.Context, id string, level int, n int64, width int) ([]byte, error) {
	if err := s.within(ctx, id, level, n, width); err != nil {
		return nil, err
	}
	hashes, err := tile(ctx, s.Store, id, level, n, width)
	return joined(hashes), err
}

// Bundle is an entry bundle (C2SP tlog-tiles): each leaf after its length, two
// bytes big-endian. NotFound beyond the last checkpoint's tree.
func (s *Service) Bundle(ctx context.Context, id string, n int64, width int) ([]byte, error) {
	if err := s.within(ctx, id, 0, n, width); err != nil {
		return nil, err
	}
	lines, err := s.Store.Lines(ctx, id, n*TileWidth, n*TileWidth+int64(width))
	if err != nil {
		return nil, err
	}
	if len(lines) != width {
		return nil, missing(id, "leaves")
	}
	var bundle []byte
	for _, line := range lines {
		length := uint16(len(line)) //nolint:gosec // a leaf has about 140 bytes
		bundle = append(binary.BigEndian.AppendUint16(bundle, length), line...)
	}
	return bundle, nil
}

// within tells whether the last checkpoint's tree has the tile.
func (s *Service) within(ctx context.Context, id string, level int, n int64, width int) error {
	c, err := s.last(ctx, id)
	if err != nil {
		return err
	}
	if level < 0 || level*TileHeight > 62 || n < 0 || width < 1 || width > TileWidth {
		return domain.Fail(domain.NotFound, domain.CodeNotFound, "no log has such a tile")
	}
	if there := c.Size >> (level * TileHeight); n > there/TileWidth || n*TileWidth+int64(width) > there {
		return domain.Fail(
			domain.NotFound,
			domain.CodeNotFound,
			"the log of round %s has %d leaves, and not yet this tile",
			id,
			c.Size,
		)
	}
	return nil
}

// last is the last checkpoint, opened.
func (s *Service) last(ctx context.Context, id string) (Checkpoint, error) {
	signed, err := s.Store.LastCheckpoint(ctx, id)
	if err != nil {
		return Checkpoint{}, err
	}
	return s.opened(ctx, id, signed)
}

func (s *Service) opened(ctx context.Context, id string, signed []byte) (Checkpoint, error) {
	r, err := s.reading(ctx, id)
	if err != nil {
		return Checkpoint{}, err
	}
	c, err := OpenCheckpoint(signed, r.manifest.LogKey)
	if err != nil {
		return c, fmt.Errorf("the log in the box of round %s: %w", id, err)
	}
	return c, nil
}
