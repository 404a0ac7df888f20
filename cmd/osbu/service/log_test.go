package service

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/transparency-dev/formats/log"
	cosignature "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"osbu/domain/ballot"
	"osbu/domain/box"
	"osbu/handlers/api"
)

// monitor is a stock client of a C2SP tlog-tiles log: x/mod's tile reader over
// plain HTTP.
type monitor struct {
	c      *client
	prefix string
}

func (m monitor) Height() int { return 8 }

func (m monitor) ReadTiles(tiles []tlog.Tile) (data [][]byte, err error) {
	for _, t := range tiles {
		data = append(data, m.fetch("tile/"+strings.TrimPrefix(t.Path(), "tile/8/")))
	}
	return data, nil
}

func (m monitor) SaveTiles([]tlog.Tile, [][]byte) {}

func (m monitor) fetch(path string) (data []byte) {
	m.c.t.Helper()
	if status, code := m.c.get(m.prefix+path, &data); status != http.StatusOK {
		m.c.t.Fatalf("%s: %d %s", path, status, code)
	}
	return data
}

// leaves reads a whole log by its entry bundles, and proves each leaf under the
// checkpoint.
func (m monitor) leaves(tree tlog.Tree) (lines []string) {
	m.c.t.Helper()
	reader := tlog.TileHashReader(tree, m)
	for n := int64(0); n*256 < tree.N; n++ {
		path := fmt.Sprintf("tile/entries/%03d", n)
		if w := tree.N - n*256; w < 256 {
			path += fmt.Sprintf(".p/%d", w)
		}
		for bundle := m.fetch(path); len(bundle) > 0; {
			size := 2 + binary.BigEndian.Uint16(bundle)
			lines = append(lines, string(bundle[2:size]))
			bundle = bundle[size:]
		}
	}
	for i, line := range lines {
		proof, err := tlog.ProveRecord(tree.N, int64(i), reader)
		if err == nil {
			err = tlog.CheckRecord(proof, tree.N, tree.Hash, int64(i), tlog.RecordHash([]byte(line)))
		}
		if err != nil {
			m.c.t.Fatalf("leaf %d: %v", i, err)
		}
	}
	return lines
}

func (m monitor) checkpoint(verifiers ...note.Verifier) (tree tlog.Tree, signed []byte) {
	m.c.t.Helper()
	signed = m.fetch("checkpoint")
	c, rest, _, err := log.ParseCheckpoint(signed, verifiers[0].Name(), verifiers[0], verifiers[1:]...)
	if err != nil || len(rest) != 0 {
		m.c.t.Fatalf("checkpoint %q: %v", signed, err)
	}
	return tlog.Tree{N: int64(c.Size), Hash: tlog.Hash(c.Hash)}, signed
}

// A voter looks her receipt up, and a stock client follows the log; both from
// outside, with nothing but the manifest's key.
func TestLogOverHTTP(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *Settings) { s.ReleaseMin = 1 })
	e := w.voting(t, "r")
	c := w.anonymous(t)
	const prefix = "/box/v1/rounds/r/"
	key, err := note.NewVerifier(e.Manifest.LogKey)
	if err != nil {
		t.Fatal(err)
	}
	m := monitor{c, prefix}
	tick := func() {
		t.Helper()
		w.clock.pass(time.Hour) // to the next moment of release
		if err := w.sequencer.Tick(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	var trees []tlog.Tree
	var commits []string
	want := map[string]bool{}
	for range 3 {
		tree, _ := m.checkpoint(key)
		trees = append(trees, tree)
		cast := e.Voter(t, "main").Fill(t, "north", 1, 3)
		commit := ballot.Commitment(cast.Ballot)
		commits = append(commits, hex.EncodeToString(commit[:]))
		want[box.Entry{Nullifier: [32]byte(cast.Key), Seq: 1, Commit: commit}.Leaf().String()] = true
		var promise api.Promise
		if status, code := c.post(prefix+"ballots", envelope(cast), &promise); status != http.StatusOK {
			t.Fatal(status, code)
		}
		for _, logged := range []bool{false, true} {
			var text []byte
			if status, code := c.get(prefix+"receipts/"+commits[len(commits)-1], &text); status != http.StatusOK {
				t.Fatal(status, code)
			}
			r, err := box.ParseReceipt(text)
			if err == nil {
				err = r.Verify(e.Manifest.LogKey)
			}
			if err != nil || r.Promise != promise.Promise || r.Waits() == logged {
				t.Errorf("logged %v: %s, %v", logged, text, err)
			}
			tick()
		}
	}
	if err := w.services.box.Close(context.Background(), "r"); err != nil {
		t.Fatal(err)
	}
	last, _ := m.checkpoint(key)
	lines := m.leaves(last)
	if len(lines) != 5 || !strings.HasPrefix(lines[0], "manifest ") || lines[4] != "close 3" || !want[lines[1]] ||
		!want[lines[2]] ||
		!want[lines[3]] {
		t.Errorf("%q", lines)
	}
	for _, from := range trees {
		var proof api.Consistency
		if status, code := c.get(fmt.Sprintf("%sconsistency?from=%d&to=%d", prefix, from.N, last.N),
			&proof); status != http.StatusOK {
			t.Fatal(status, code)
		}
		hashes := make([]tlog.Hash, len(proof.Proof))
		for i, text := range proof.Proof {
			if hashes[i], err = tlog.ParseHash(text); err != nil {
				t.Fatal(err)
			}
		}
		if err := tlog.CheckTree(hashes, last.N, last.Hash, from.N, from.Hash); err != nil {
			t.Errorf("from %d: %v", from.N, err)
		}
	}
	for path, caching := range map[string]string{
		"checkpoint": "public, max-age=2", "receipts/" + commits[0]: "no-store",
		"consistency?from=1&to=5": "public, max-age=31536000, immutable",
		"tile/0/000.p/5":          "public, max-age=31536000, immutable",
		"tile/entries/000.p/1":    "public, max-age=31536000, immutable",
	} {
		response := c.send(http.MethodGet, prefix+path, nil)
		_, _ = io.Copy(io.Discard, response.Body)
		_ = response.Body.Close()
		if response.StatusCode != http.StatusOK || response.Header.Get("Cache-Control") != caching ||
			response.Header.Get("Set-Cookie") != "" {
			t.Errorf("%s: %d %v", path, response.StatusCode, response.Header)
		}
	}
	if text := w.log.String(); text != "" {
		t.Errorf("the server's log: %s", text)
	}
}

func TestLogRefusesOverHTTP(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.voting(t, "r")
	c := w.anonymous(t)
	const nothing = "0000000000000000000000000000000000000000000000000000000000000000"
	for path, want := range map[string]string{
		"r9/checkpoint":               "404 not_found",
		"r/receipts/" + nothing:       "404 not_found",
		"r9/receipts/" + nothing:      "404 not_found",
		"r/receipts/" + nothing[1:]:   "400 invalid_request",
		"r/receipts/A" + nothing[1:]:  "400 invalid_request",
		"r/receipts/" + nothing + "0": "400 invalid_request",
		"r/consistency?from=1":        "400 invalid_request",
		"r/consistency?to=1":          "400 invalid_request",
		"r/consistency?from=2&to=1":   "400 invalid_request",
		"r/consistency?from=1&to=2":   "404 not_found",
		"r9/consistency?from=1&to=1":  "404 not_found",
		"r/tile/0/000.p/2":            "404 not_found",
		"r/tile/0/000":                "404 not_found",
		"r/tile/0/001.p/1":            "404 not_found",
		"r/tile/1/000.p/1":            "404 not_found",
		"r/tile/63/000.p/1":           "404 not_found",
		"r/tile/entries/000.p/2":      "404 not_found",
		"r/tile/entries/x001/000":     "404 not_found",
		"r9/tile/0/000.p/1":           "404 not_found",
		"R/tile/0/000.p/1":            "400 invalid_request",
		"r/tile/0/000.p/0":            "400 invalid_request",
		"r/tile/0/000.p/256":          "400 invalid_request",
		"r/tile/0/000.p/01":           "400 invalid_request",
		"r/tile/0/0":                  "400 invalid_request",
		"r/tile/0/x000/000":           "400 invalid_request",
		"r/tile/0/1000":               "400 invalid_request",
		"r/tile/64/000":               "400 invalid_request",
		"r/tile/-1/000":               "400 invalid_request",
		"r/tile/00/000":               "400 invalid_request",
		"r/tile/data/000.p/1":         "400 invalid_request",
		"r/tile/entries/":             "400 invalid_request",
		"r/tile/8/0/000.p/1":          "400 invalid_request",
		"r/tile/":                     "400 invalid_request",
		"r/tile/0/%2e%2e/000":         "400 invalid_request",
		"r/tile/0/x999/x999/x999/x999/x999/x999/x999/x999/999": "400 invalid_request",
	} {
		status, code := c.get("/box/v1/rounds/"+path, nil)
		if got := fmt.Sprint(status, " ", code); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	if status, _ := c.get("/box/v1/rounds/r/tile/0/000.p/1", nil); status != http.StatusOK {
		t.Error(status)
	}
}

func TestCosignatureOverHTTP(t *testing.T) {
	t.Parallel()
	private, public, err := note.GenerateKey(nil, "witness.example")
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, func(s *Settings) {
		if err := s.Witnesses.UnmarshalText([]byte(public)); err != nil {
			t.Fatal(err)
		}
	})
	e := w.voting(t, "r")
	c := w.anonymous(t)
	const prefix = "/box/v1/rounds/r/"
	key, err := note.NewVerifier(e.Manifest.LogKey)
	if err != nil {
		t.Fatal(err)
	}
	_, signed := monitor{c, prefix}.checkpoint(key)
	signer, err := cosignature.NewSignerForCosignatureV1(private)
	if err != nil {
		t.Fatal(err)
	}
	n, err := note.Open(signed, note.VerifierList(key))
	if err != nil {
		t.Fatal(err)
	}
	both, err := note.Sign(&note.Note{Text: n.Text}, signer)
	if err != nil {
		t.Fatal(err)
	}
	_, line, _ := strings.Cut(string(both), "\n\n")
	for _, refused := range []struct {
		name, path string
		body       api.Cosignature
		want       string
	}{
		{
			"the log's own line", "r",
			api.Cosignature{Size: 1, Line: strings.SplitAfter(string(signed), "\n\n")[1]},
			"403 signature_invalid",
		},
		{"no checkpoint of that size", "r", api.Cosignature{Size: 2, Line: line}, "404 not_found"},
		{"unknown round", "r9", api.Cosignature{Size: 1, Line: line}, "404 not_found"},
		{"twice in one", "r", api.Cosignature{Size: 1, Line: line + line}, "400 signature_invalid"},
		{"too long", "r", api.Cosignature{Size: 1, Line: strings.Repeat("x", 1001)}, "400 invalid_request"},
	} {
		status, code := c.post("/box/v1/rounds/"+refused.path+"/cosignatures", refused.body, nil)
		if got := fmt.Sprint(status, " ", code); got != refused.want {
			t.Errorf("%s: %s, want %s", refused.name, got, refused.want)
		}
	}
	if status, code := c.post(prefix+"cosignatures", api.Cosignature{Size: 1, Line: line},
		nil); status != http.StatusNoContent {
		t.Fatal(status, code)
	}
	witness, err := box.NewWitness(public)
	if err != nil {
		t.Fatal(err)
	}
	if _, cosigned := (monitor{c, prefix}).checkpoint(key, witness); string(cosigned) != string(signed)+line {
		t.Errorf("%q", cosigned)
	}
}
