package record

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/transparency-dev/merkle/compact"
	"github.com/transparency-dev/merkle/rfc6962"

	"osbu/domain/box"
	"osbu/domain/round"
)

func verify(t testing.TB, record []byte) (Confirmed, error) {
	t.Helper()
	return Verify(t.Context(), bytes.NewReader(record), Options{})
}

func verifyWith(t testing.TB, record, part []byte) (Confirmed, error) {
	t.Helper()
	c, err := Verify(t.Context(), bytes.NewReader(record), Options{Auditors: bytes.NewReader(part)})
	if err != nil {
		keep(t, record, part, err)
	}
	return c, err
}

// refused is the fault of a record that must not be confirmed.
func refused(t testing.TB, record []byte) string {
	t.Helper()
	_, err := verify(t, record)
	if err == nil {
		return "nothing: it was confirmed"
	}
	keep(t, record, nil, err)
	return err.Error()
}

func TestVerifyConfirms(t *testing.T) {
	s := smallSample(t, 1)
	c, err := verify(t, s.record(t))
	if err != nil {
		t.Fatal(err)
	}
	if c.Manifest.Round != "r" || c.Leaves != 21 || c.Checkpoints != 4 || len(c.Unchecked)+len(c.Unrecounted) > 0 {
		t.Errorf("%+v", c)
	}
	if len(c.Witnesses) != 1 || c.Witnesses[0].Checkpoints != 1 {
		t.Errorf("witnesses %+v", c.Witnesses)
	}
	if a := c.Published.Areas[0]; a.Ballots != 6 || a.Blank != 1 || a.Withheld {
		t.Errorf("%+v", a)
	}
	votes, err := c.Votes("b")
	if err != nil || len(votes) != 3 || !slices.Equal(votes[1].Choices, []int{20, 21}) {
		t.Errorf("votes of b: %v, %v", votes, err)
	}
}

// However many ballots of later areas are held while one area's are written,
// the record is the same.
func TestRecordIsTheSameInAnyRoom(t *testing.T) {
	s := smallSample(t, 1)
	s.manifest.OpeningsFrom = 4
	s.logged(t, s.sizes...)
	var want []byte
	for _, room := range []int{0, 3, 4, 100} {
		b := s.bundling(t)
		b.room = room
		var got bytes.Buffer
		if err := b.record(&got); err != nil {
			t.Fatal(err)
		}
		if err := b.auditorsPart(&got); err != nil {
			t.Fatal(err)
		}
		if want == nil {
			want = got.Bytes()
		} else if !bytes.Equal(got.Bytes(), want) {
			t.Errorf("room for %d ballots makes another record", room)
		}
	}
}

// The root is the one that another implementation of RFC 6962 finds.
func TestTreeIsEverybodysTree(t *testing.T) {
	s := smallSample(t, 1)
	c, err := verify(t, s.record(t))
	if err != nil {
		t.Fatal(err)
	}
	tree := (&compact.RangeFactory{Hash: rfc6962.DefaultHasher.HashChildren}).NewEmptyRange(0)
	for i, l := range s.leaves {
		if err := tree.Append(rfc6962.DefaultHasher.HashLeaf([]byte(l)), nil); err != nil {
			t.Fatal(err)
		}
		root, err := tree.GetRootHash(nil)
		if err != nil {
			t.Fatal(err)
		}
		at := slices.Index(s.sizes, int64(i+1))
		if at < 0 {
			continue
		}
		if head, err := box.OpenCheckpoint(s.notes[at], s.manifest.LogKey); err != nil ||
			!bytes.Equal(head.Root[:], root) {
			t.Errorf("size %d: %s, another implementation says %x (%v)", i+1, head.Root, root, err)
		}
	}
	if root, err := tree.GetRootHash(nil); err != nil || !bytes.Equal(c.Root[:], root) {
		t.Errorf("root %s, another implementation says %x (%v)", c.Root, root, err)
	}
}

// In areas with fewer ballots than openings_from only totals are public: a's
// greedy outcome is counted from them, c's equal shares cannot be. With the
// auditors' part all of it is checked.
func TestWithheldAreas(t *testing.T) {
	s := repeatedSample(t, 1)
	record, part := s.record(t), s.part(t)
	c, err := verify(t, record)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(c.Unchecked, []string{"b", "c"}) || !slices.Equal(c.Unrecounted, []string{"c"}) {
		t.Errorf("unchecked %v, unrecounted %v", c.Unchecked, c.Unrecounted)
	}
	for _, a := range c.Published.Areas[1:] {
		if !a.Withheld || a.Input != "" || a.Outcome.Funded != nil || a.Outcome.Certificate != nil ||
			a.Outcome.Projects[0].Votes == 0 {
			t.Errorf("%+v", a)
		}
		for _, p := range a.Outcome.Projects {
			if p.Shares != nil {
				t.Errorf("%s: what voters of %s could pay is shown", a.Area, p.ID)
			}
		}
	}
	if _, err := c.Votes("b"); err == nil || !strings.Contains(err.Error(), "ballots/b.txt: it is missing") {
		t.Errorf("votes of b: %v", err)
	}
	for _, secret := range []string{"ballots/b.txt", "areas/b.pb", "ballots/c.txt"} {
		if bytes.Contains(record, []byte(secret+"PK")) || !bytes.Contains(part, []byte(secret)) {
			t.Errorf("%s is in the record, or not in the part", secret)
		}
	}
	if c, err = verifyWith(t, record, part); err != nil || len(c.Unchecked)+len(c.Unrecounted) > 0 {
		t.Errorf("with the part: %v, unchecked %v, unrecounted %v", err, c.Unchecked, c.Unrecounted)
	}
	foreign := repeatedSample(t, 2)
	for name, c := range map[string]struct {
		record, part []byte
		want         string
	}{
		"another round's part": {
			record, foreign.part(t),
			"auditors' part: ballots/b.txt:1: the ballot is not the one that leaf 2 commits to",
		},
		"a record for a part": {record, record, "auditors' part: ballots/b.txt: it is missing"},
		"nothing to audit":    {smallSample(t, 1).record(t), part, "auditors' part: nothing is withheld in this record"},
		"a byte more":         {record, append(bytes.Clone(part), 0), "auditors' part: "},
	} {
		if _, err := verifyWith(t, c.record, c.part); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}

// An area where nobody voted has nothing to withhold.
func TestNothingIsWithheldWhereNobodyVoted(t *testing.T) {
	for ballots, want := range map[int]bool{0: false, 1: true, 99: true, 100: false} {
		if withholds(100, ballots) != want || withholds(0, ballots) {
			t.Errorf("%d ballots: withheld %v", ballots, withholds(100, ballots))
		}
	}
}

// Any byte of the zip, be it of a title, a number, a signature or the zip's own
// bookkeeping, cannot be changed unnoticed.
func TestVerifyCatchesEveryChangedByte(t *testing.T) {
	record := tinySample(t).record(t)
	random := rand.New(rand.NewPCG(1, 2))
	changed := bytes.Clone(record)
	for range few(2000) {
		at, by := random.IntN(len(record)), byte(1+random.IntN(255))
		changed[at] ^= by
		if _, err := verify(t, changed); err == nil {
			t.Errorf(
				"byte %d of %d changed from %q to %q, and nobody noticed",
				at,
				len(record),
				record[at],
				changed[at],
			)
		}
		changed[at] ^= by
	}
	for name, other := range map[string][]byte{
		"a byte before": append([]byte{0}, record...), "a byte after": append(bytes.Clone(record), 0),
		"a byte less": record[:len(record)-1], "nothing": nil,
	} {
		if _, err := verify(t, other); err == nil {
			t.Errorf("%s, and nobody noticed", name)
		}
	}
}

// content are a zip's files in their order.
func content(t testing.TB, record []byte) (names []string, texts map[string][]byte) {
	t.Helper()
	zip, err := openArchive(bytes.NewReader(record))
	if err != nil {
		t.Fatal(err)
	}
	texts = map[string][]byte{}
	for _, f := range zip.files {
		names = append(names, f.Name)
		if texts[f.Name], err = zip.read(f.Name); err != nil {
			t.Fatal(err)
		}
	}
	return names, texts
}

// zipped makes a zip that is right in itself.
func zipped(t testing.TB, m round.Manifest, names []string, texts map[string][]byte) []byte {
	t.Helper()
	files := make([]file, len(names))
	for i, name := range names {
		files[i] = text(name, texts[name])
	}
	var zip bytes.Buffer
	if err := bundle(&zip, m.Closes, files); err != nil {
		t.Fatal(err)
	}
	return zip.Bytes()
}

// Whoever changes a byte of any file and makes a proper zip of it again,
// checksums and all, is found out by what the file says: each kind of file at
// many places.
func TestVerifyCatchesEveryChangedByteOfEveryFile(t *testing.T) {
	catchesChanges(t, tinySample(t))
	sealed := newSample(t, 1)
	sealed.seal(t)
	tinyOf(t, sealed)
	sealed.spoil(t, 0, sealed.ballots[0].Ballot, [32]byte{})
	catchesChanges(t, sealed.logged(t, sealed.sizes...))
	catchesChanges(t, paperSample(t, 1))
	paper := newSample(t, 1)
	paper.seal(t)
	catchesChanges(t, withPaper(t, paper))
}

func catchesChanges(t *testing.T, s *sample) {
	t.Helper()
	names, texts := content(t, s.record(t))
	random := rand.New(rand.NewPCG(3, 4))
	for _, name := range names {
		original := texts[name]
		for range few(80) {
			if len(original) == 0 { // nothing is void on that paper, or nobody voted
				break
			}
			at, by := random.IntN(len(original)), byte(1+random.IntN(255))
			changed := bytes.Clone(original)
			changed[at] ^= by
			texts[name] = changed
			if _, err := verify(t, zipped(t, s.manifest, names, texts)); err == nil {
				t.Errorf("%s: byte %d changed from %q to %q, and nobody noticed", name, at, original[at], changed[at])
			}
		}
		texts[name] = original
	}
}

// The city holds the log's key, and may make a whole record of a lie. It is
// found out by what does not fit together; each fault is named with its place.
func TestVerifyNamesTheFault(t *testing.T) {
	again := func(s *sample) { s.logged(t, s.sizes...) }
	published := func(f func(*Published)) func(*sample) { return func(s *sample) { s.publish = f } }
	manifest := func(f func(*round.Manifest)) func(*sample) { return func(s *sample) { f(&s.manifest); again(s) } }
	ballot := func(f func(e, other *box.Entry)) func(*sample) {
		return func(s *sample) { f(&s.ballots[2], &s.ballots[0]); again(s) }
	}
	leaf := func(at int, line string) func(*sample) { return func(s *sample) { s.leaves[at] = line; s.signed(t) } }
	for want, lie := range map[string]func(*sample){
		// manifest
		"manifest.txt:19: area \"A\": no address, or there twice (byte 360)":            manifest(func(m *round.Manifest) { m.Areas[0].ID = "A" }),
		"manifest.txt:70: paper \"p\": no address, or there twice":                      manifest(func(m *round.Manifest) { m.Papers[1].ID = "p" }),
		"manifest.txt:74: paper q: area \"a\" is unknown, or on two papers (byte 1576)": manifest(func(m *round.Manifest) { m.Papers[1].Areas = []string{"a"} }),
		"manifest.txt:84: paper q: issuer: no RSA key of 2048 bits":                     manifest(func(m *round.Manifest) { m.Papers[1].Issuer = []byte("key") }),
		"manifest.txt:98: project 2: area \"x\" is unknown":                             manifest(func(m *round.Manifest) { m.Projects[1].Area = "x" }),

		// log
		"manifest.txt:163: conflict 1: project 2 is unknown, or not in ascending order": manifest(func(m *round.Manifest) {
			m.Conflicts = []round.ManifestConflict{{Projects: []int{3, 2}}}
		}),
		"manifest.txt:163: conflict 1 is of fewer than two projects": manifest(func(m *round.Manifest) { m.Conflicts = []round.ManifestConflict{{Projects: []int{3}}} }),
		"log/leaves.txt:1: not the leaf of manifest.txt":             func(s *sample) { s.manifest.Decision = "§ 3" },
		"log/leaves.txt:5: leaf: not written": leaf(4,
			"ballot "+strings.Repeat("0", 64)+" 01 "+strings.Repeat("0", 64)),
		"log/leaves.txt:5: a second manifest":                                  leaf(4, "manifest "+strings.Repeat("0", 64)),
		"log/leaves.txt:18: the close says 12 ballots, but 13 stand before it": leaf(17, "close 12"),
		"log/leaves.txt:19: the step close on the wrong side of the close": leaf(17,
			"ballot "+strings.Repeat("0", 64)+" 1 "+strings.Repeat("0", 64)),
		"log/leaves.txt:6: a leaf after the close":                          leaf(4, "close 3"),
		"log/leaves.txt:6: a second ballot under the key and seq of line 3": func(s *sample) { s.ballots[4] = s.ballots[1]; again(s) },
		"log/checkpoints.txt:1: its root is not that of the first 1 leaves": func(s *sample) {
			other := smallSample(t,
				2)
			s.notes[0] = s.checkpoint(t, 1, other.leaves)
		},
		"log/checkpoints.txt:14: its root is not that of the first 9 leaves": func(s *sample) {
			s.notes[2] = s.checkpoint(t,
				9, s.leaves[1:])
		},
		"log/checkpoints.txt:7: size 1 after 1":                                func(s *sample) { s.sizes[1] = 1; s.signed(t) },
		"log/checkpoints.txt:14: size 3 after 4":                               func(s *sample) { s.sizes[2] = 3; s.signed(t) },
		"log/checkpoints.txt:14: the last checkpoint has 9 leaves, the log 21": func(s *sample) { s.notes = s.notes[:3] },

		// ballots
		"ballots/a.txt:2: the ballot is not the one that leaf 3 commits to": func(s *sample) { s.ballots[2].Ballot = s.ballots[0].Ballot },
		"ballots/a.txt:2: key and seq are not those of leaf 3":              func(s *sample) { s.ballots[2].Nullifier[0] ^= 1 },
		"ballots/a.txt:2: the credential is not by the issuer of this paper for": ballot(func(e,
			other *box.Entry,
		) {
			e.Credential = other.Credential
		}),
		"ballots/a.txt:2: the signature is not by the voter's key over this bal": ballot(func(e,
			other *box.Entry,
		) {
			e.Signature = other.Signature
		}),
		"ballots/a.txt:1: the choices break the form; choices: too many (1) (byte 0)":     manifest(func(m *round.Manifest) { m.Papers[0].Form.Max = 1 }),
		"ballots/c.txt:1: the choices break the form; choices: too large (6400) (byte 0)": manifest(func(m *round.Manifest) { m.Areas[2].Pot = 6400 }),
		"log/leaves.txt:14: the ballot is in no area's file (byte 1742)":                  func(s *sample) { s.hidden = 1 },

		// numbers
		"outcome.json:14: paper p: 9 ballots, but only 8 credentials were issued":   func(s *sample) { s.spent["p"] = Spent{Online: 8, OnPaper: 5} },
		"outcome.json:8: paper p: 9 rights were spent, but there were only 8":       func(s *sample) { s.rights["p"] = 8 },
		"outcome.json:11: on_paper is -1, want 0 to 1000000000 (byte 172)":          func(s *sample) { s.spent["p"] = Spent{Online: 10, OnPaper: -1} },
		"outcome.json:13: paper p: 11 credentials, but online, assisted and re":     published(func(p *Published) { p.Papers[0].Credentials++ }),
		"outcome.json:14: paper p: 8 ballots, but its areas have 9":                 published(func(p *Published) { p.Papers[0].Ballots-- }),
		"outcome.json:15: paper p: 10 credentials and 9 ballots do not differ by 0": published(func(p *Published) { p.Papers[0].Difference = 0 }),

		// outcome
		"outcome.json:3: of round \"s\", not \"r\" (byte 33)":                                        published(func(p *Published) { p.Round = "s" }),
		"outcome.json:4: no decision confirmed the result":                                           published(func(p *Published) { p.Decision = "" }),
		"outcome.json:29: the areas are not the manifest's":                                          published(func(p *Published) { p.Areas = p.Areas[:2] }),
		"outcome.json:5: the papers are not the manifest's":                                          published(func(p *Published) { p.Papers = p.Papers[:1] }),
		"outcome.json:32: area a has 6 ballots: by the manifest's openings_from (0":                  published(func(p *Published) { p.Areas[0].Withheld = true }),
		"outcome.json:36: area a: the lot's seed is not the 32 bytes that the manifest committed to": published(func(p *Published) { p.Areas[0].Lot = strings.Repeat("0", 64) }),
		"outcome.json:34: area a: 6 ballots, 1 of them blank, not 6 and 2":                           published(func(p *Published) { p.Areas[0].Blank++ }),
		"outcome.json:33: area a: the digest is not that of areas/a.pb (byte 555)":                   published(func(p *Published) { p.Areas[0].Input = strings.Repeat("0", 64) }),
		"outcome.json:39: area a: counting it again gives another outcome":                           published(func(p *Published) { p.Areas[0].Outcome.Selected[0] = "2" }),
		"areas/a.pb:14: not what the manifest and the ballots make": func(s *sample) {
			s.counted = func(o []Outcome) {
				o[0].Input = bytes.Replace(o[0].Input, []byte("date_end;14"), []byte("date_end;15"), 1)
			}
		},
		"signature.txt:6: not the SHA-256 of this outcome.json": func(s *sample) { s.unsigned = true },
	} {
		s := smallSample(t, 1)
		lie(s)
		if got := refused(t, s.record(t)); !strings.HasPrefix(got, want) {
			t.Errorf("want %q\n got %q", want, got)
		}
	}
}

// The first fault is the first in the record, however many cores look for one.
func TestFirstFaultIsTheFirst(t *testing.T) {
	s := newSample(t, 5)
	for range 4 * batch {
		s.cast(t, "a", 1)
	}
	s.spent, s.rights = map[string]Spent{"p": {Online: 4 * batch}}, map[string]int{"p": 4 * batch}
	s.logged(t, int64(len(s.ballots))+2)
	for _, at := range []int{len(s.ballots) - 1, batch + 7, 3 * batch} {
		s.ballots[at].Credential = s.ballots[0].Credential
	}
	record := s.record(t)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	for range 5 {
		if got := refused(t, record); !strings.HasPrefix(got, "ballots/a.txt:72: the credential") {
			t.Fatal(got)
		}
	}
}

func TestVerifyStops(t *testing.T) {
	record := smallSample(t, 1).record(t)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := Verify(ctx, bytes.NewReader(record), Options{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// Of several ballots under one key the one with the highest seq counts,
// wherever in the log it stands.
func TestLaterBallotsCount(t *testing.T) {
	s := smallSample(t, 1)
	s.again(t, 1, 2, 21) // project 20 in b becomes 21
	s.spent["p"] = Spent{Online: 9}
	for i := range s.ballots { // the outdone one is not counted
		s.outdone = append(s.outdone, i == 1)
	}
	s.logged(t, 1, 4, 9, 16)
	c, err := verify(t, s.record(t))
	if err != nil {
		t.Fatal(err)
	}
	if c.Published.Papers[0].Ballots != 9 || c.Published.Areas[1].Outcome.Projects[1].Votes != 2 {
		t.Errorf("%+v", c.Published)
	}
	s.outdone = nil
	if got := refused(t, s.record(t)); !strings.HasPrefix(got, "outcome.json:14: paper p: 10 ballots, but only 9") {
		t.Error(got)
	}
}
