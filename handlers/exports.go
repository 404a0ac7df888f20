package handlers

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"sync"

	"golang.org/x/sync/singleflight"

	"osbu/domain"
)

// Bounds of exports: bytes kept, compressed, and how many readers may wait for
// one to be made.
const (
	mostExports  = 64 << 20
	mostAwaiting = 256
)

// exports keeps open data as it was made, compressed, once for each change of
// what is in it. However many read an export, its making takes one connection
// to the database; one is made at a time, and whoever is one too many is told
// to come back.
type exports struct {
	making    chan struct{} // holds one
	unpacking chan struct{} // holds one
	awaiting  turnstile
	attempt   singleflight.Group

	mu    sync.Mutex
	kept  map[string][]byte
	order []string // the oldest first
	bytes int
}

func newExports() *exports {
	return &exports{
		making: make(chan struct{}, 1), unpacking: make(chan struct{}, 1),
		awaiting: newTurnstile(mostAwaiting), kept: map[string][]byte{},
	}
}

// get gives the export of that key, made by write if there is none yet. Who
// gives up waiting does not end what others wait for.
func (e *exports) get(ctx context.Context, key string, write func(io.Writer) error) ([]byte, error) {
	if made := e.find(key); made != nil {
		return made, nil
	}
	busy := domain.Fail(domain.Busy, domain.CodeBusy, "too many exports are being made: come back a little later")
	select {
	case e.awaiting.places <- struct{}{}:
		defer func() { <-e.awaiting.places }()
	default:
		return nil, busy
	}
	result := e.attempt.DoChan(key, func() (any, error) {
		e.making <- struct{}{}
		defer func() { <-e.making }()
		if made := e.find(key); made != nil { // by the last one that was made
			return made, nil
		}
		var buffer bytes.Buffer
		packed, _ := gzip.NewWriterLevel(&buffer, gzip.BestSpeed) // the level is valid
		if err := write(packed); err != nil {
			return nil, err
		}
		if err := packed.Close(); err != nil {
			return nil, err
		}
		e.keep(key, buffer.Bytes())
		return buffer.Bytes(), nil
	})
	select {
	case made := <-result:
		packed, _ := made.Val.([]byte)
		return packed, made.Err
	case <-ctx.Done():
		return nil, busy
	}
}

func (e *exports) find(key string) []byte {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.kept[key]
}

// keep forgets the oldest until there is room.
func (e *exports) keep(key string, made []byte) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for len(e.order) > 0 && e.bytes+len(made) > mostExports {
		e.bytes -= len(e.kept[e.order[0]])
		delete(e.kept, e.order[0])
		e.order = e.order[1:]
	}
	if len(made) <= mostExports {
		e.kept[key], e.order, e.bytes = made, append(e.order, key), e.bytes+len(made)
	}
}

// unpack reads an export for somebody who does not take it packed. However many
// do, one piece is unpacked at a time, so that they have one processor between
// them and leave the rest to voters; who reads slowly holds up nobody.
func (e *exports) unpack(packed []byte) (io.Reader, error) {
	plain, err := gzip.NewReader(bytes.NewReader(packed))
	return &piecewise{plain: plain, turn: e.unpacking}, err
}

type piecewise struct {
	plain *gzip.Reader
	turn  chan struct{}
}

func (p *piecewise) Read(to []byte) (int, error) {
	p.turn <- struct{}{}
	defer func() { <-p.turn }()
	return p.plain.Read(to)
}
