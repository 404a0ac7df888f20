package fault

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"osbu/domain/box"
	"osbu/domain/round"
)

// story is a log that can be made to lie.
type story struct {
	signer note.Signer
	leaves []box.Leaf
	shown  []box.Leaf // as entries, if not the leaves
}

func (s *story) tree(t *testing.T, n int) *tree {
	t.Helper()
	var tree tree
	for _, l := range s.leaves[:n] {
		if err := tree.add(l); err != nil {
			t.Fatal(err)
		}
	}
	return &tree
}

func (s *story) tell(t *testing.T) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/box/v1/rounds/r/checkpoint", func(w http.ResponseWriter, _ *http.Request) {
		n := int64(len(s.leaves))
		root, err := tlog.TreeHash(n, s.tree(t, len(s.leaves)))
		if err != nil {
			t.Error(err)
		}
		signed, err := box.Checkpoint{Round: "r", Size: n, Root: root}.Sign(s.signer)
		if err != nil {
			t.Error(err)
		}
		_, _ = w.Write(signed)
	})
	mux.HandleFunc("/box/v1/rounds/r/tile/entries/", func(w http.ResponseWriter, _ *http.Request) {
		shown := s.leaves
		if s.shown != nil {
			shown = s.shown
		}
		for _, l := range shown {
			_ = binary.Write(w, binary.BigEndian, uint16(len(l.String())))
			fmt.Fprint(w, l)
		}
	})
	mux.HandleFunc("/box/v1/rounds/r/consistency", func(w http.ResponseWriter, r *http.Request) {
		from, _ := strconv.ParseInt(r.FormValue("from"), 10, 64)
		proof, err := tlog.ProveTree(int64(len(s.leaves)), from, s.tree(t, len(s.leaves)))
		if err != nil {
			t.Error(err)
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"proof": proof})
	})
	return mux
}

func leaf(n byte) box.Leaf {
	return box.Leaf{Type: box.BallotLeaf, Nullifier: [32]byte{n}, Seq: 1, Commit: [32]byte{n}}
}

// A witness is content with a log that grows, and with no other: this is what
// the fault runs rely on.
func TestWitness(t *testing.T) {
	first := []box.Leaf{{Type: box.ManifestLeaf}, leaf(1), leaf(2)}
	grown := append(first[:3:3], leaf(3), leaf(4))
	for name, c := range map[string]struct {
		then story
		fork bool
	}{
		"grows":              {then: story{leaves: grown}},
		"rests":              {then: story{leaves: first}},
		"went back":          {then: story{leaves: first[:2]}, fork: true},
		"says another thing": {then: story{leaves: []box.Leaf{first[0], leaf(1), leaf(9)}}, fork: true},
		"forgot and went on": {then: story{leaves: append(first[:2:2], leaf(7), leaf(8), leaf(9))}, fork: true},
		"shows other entries": {
			then: story{leaves: grown, shown: append(first[:2:2], leaf(9), leaf(3), leaf(4))},
			fork: true,
		},
		"is signed by another": {then: story{leaves: grown, signer: signer(t, nil)}, fork: true},
	} {
		t.Run(name, func(t *testing.T) {
			var key string
			s := &story{signer: signer(t, &key), leaves: first}
			server := httptest.NewServer(s.tell(t))
			defer server.Close()
			w := newWitness(server.URL, round.Manifest{Round: "r", LogKey: key})
			if leaves, err := w.check(context.Background()); err != nil || len(leaves) != len(first) {
				t.Fatalf("%d leaves, %v", len(leaves), err)
			}
			s.leaves, s.shown = c.then.leaves, c.then.shown
			if c.then.signer != nil {
				s.signer = c.then.signer
			}
			leaves, err := w.check(context.Background())
			if errors.Is(err, errFork) != c.fork || (err == nil) == c.fork {
				t.Errorf("%d leaves, %v", len(leaves), err)
			}
		})
	}
}

func signer(t *testing.T, key *string) note.Signer {
	t.Helper()
	private, public, err := note.GenerateKey(rand.Reader, box.Origin("r"))
	if err != nil {
		t.Fatal(err)
	}
	if key != nil {
		*key = public
	}
	s, err := note.NewSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestBundle(t *testing.T) {
	for n, want := range map[int64]string{0: "000", 7: "007", 999: "999", 1000: "x001/000", 1234067: "x001/x234/067"} {
		if got := bundle(n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}
