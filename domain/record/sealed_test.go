package record

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/cryptotest"

	"osbu/domain/ballot"
	"osbu/domain/round"
)

// sealedSample is smallSample sealed, with five ballots that are void, each for
// another reason: three on paper "p", two on "q".
func sealedSample(t *testing.T, seed uint64) *sample {
	t.Helper()
	cryptotest.SetGlobalRandom(t, seed)
	s := newSample(t, seed)
	s.seal(t)
	s.castSmall(t)
	for _, c := range []struct {
		area    string
		choices []int
	}{
		{"a", []int{1}},
		{"a", []int{1}},
		{"a", []int{1}},
		{"c", []int{22}},
		{"c", []int{22}},
	} {
		s.cast(t, c.area, c.choices...)
	}
	none, noBallot := s.ballots[13], []byte("no ballot")
	s.spoil(t, 13, append(bytes.Clone(none.Ballot[:60]), make([]byte, len(none.Ballot)-60)...), none.Commit)
	s.spoil(t, 14, s.ballots[14].Ballot, ballot.Commitment(nil))
	for i, text := range map[int][]byte{
		15: noBallot,
		16: s.text(t, ballot.Ballot{Round: "r", Paper: "q", Area: "a", Vote: ballot.Vote{Choices: []int{1}}}),
		17: s.text(t, ballot.Ballot{Round: "r", Paper: "q", Area: "c", Vote: ballot.Vote{Choices: []int{22, 23, 24}}}),
	} {
		kept, _ := s.sent(t, s.ballots[i].Paper, s.ballots[i].Nullifier[:], text, 1)
		s.spoil(t, i, kept, ballot.Commitment(text))
	}
	s.spent = map[string]Spent{"p": {Online: 10, Assisted: 2, Replaced: 1}, "q": {Online: 7}}
	s.rights = map[string]int{"p": 20, "q": 20}
	return s.logged(t, 1, 4, 9, 20)
}

func (s *sample) text(t testing.TB, b ballot.Ballot) []byte {
	t.Helper()
	text, err := b.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestSealedRecordConfirms(t *testing.T) {
	s := sealedSample(t, 3)
	zip := s.record(t)
	if *update {
		if err := os.WriteFile("testdata/sealed.zip", zip, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c, err := verify(t, zip)
	if err != nil {
		t.Fatal(err)
	}
	p, q := c.Published.Papers[0], c.Published.Papers[1]
	if p.Ballots != 9 || p.Void != 3 || p.Difference != 1 || q.Ballots != 4 || q.Void != 2 || q.Difference != 1 {
		t.Errorf("papers %+v, %+v", p, q)
	}
	// Sealed or not, the same ballots have the same outcome.
	open, err := verify(t, smallSample(t, 3).record(t))
	if err != nil {
		t.Fatal(err)
	}
	for i, a := range c.Published.Areas {
		b := open.Published.Areas[i]
		if a.Input != b.Input || fmt.Sprint(a.Outcome.Selected) != fmt.Sprint(b.Outcome.Selected) {
			t.Errorf("area %s: %v, in clear %v", a.Area, a.Outcome.Selected, b.Outcome.Selected)
		}
	}
	reasons := map[ballot.Void]bool{}
	_, files := content(t, zip)
	for _, name := range voidFiles(c.Published) {
		for line := range bytes.Lines(files[name]) {
			words := strings.Fields(string(line))
			reasons[ballot.Void(words[len(words)-1])] = true
		}
	}
	if len(reasons) != 5 {
		t.Errorf("reasons %v", reasons)
	}
}

// What was sealed of a withheld area is kept from the public, who has the key:
// its lines have the digest, which the voter signed.
func TestSealedAndWithheld(t *testing.T) {
	s := sealedSample(t, 3)
	s.manifest.OpeningsFrom = 5
	s.logged(t, s.sizes...)
	zip, part := s.record(t), s.part(t)
	c, err := verify(t, zip)
	if err != nil || len(c.Unchecked) != 2 {
		t.Fatalf("unchecked %v, %v", c.Unchecked, err)
	}
	for _, e := range s.ballots {
		b := s.read(t, e)
		withheld := b.void == "" && b.ballot.Area != "a"
		if there := bytes.Contains(zip, []byte(base64.StdEncoding.EncodeToString(e.Ballot))); there == withheld {
			t.Errorf("a sealed ballot of area %q (%q) is in the record: %v", b.ballot.Area, b.void, there)
		}
	}
	if _, err := verifyWith(t, zip, part); err != nil {
		t.Errorf("with the auditors' part: %v", err)
	}
	// Whoever holds the log's key still cannot change what voters signed.
	names, files := content(t, zip)
	line, rest, _ := strings.Cut(string(files["withheld/b.txt"]), "\n")
	words := strings.Fields(line)
	words[proofWords] = base64.StdEncoding.EncodeToString(make([]byte, digestLength))
	files["withheld/b.txt"] = []byte(strings.Join(words, " ") + "\n" + rest)
	want := "withheld/b.txt:1: the signature is not by the voter's key over this ballot and seq"
	if got := refused(t, zipped(t, s.manifest, names, files)); !strings.HasPrefix(got, want) {
		t.Errorf("another digest: %q", got)
	}
}

// A ballot that is outdone is neither counted nor among the void; one that
// outdoes another and is void makes none of them count.
func TestVoidOutdoes(t *testing.T) {
	s := sealedSample(t, 3)
	s.again(t, 0, 2, 3)   // counts instead of the first
	s.again(t, 8, 2, 404) // of no form, and outdoes what would count
	s.outdone = make([]bool, len(s.ballots))
	s.outdone[0], s.outdone[8] = true, true
	s.logged(t, 1, 4, 22)
	c, err := verify(t, s.record(t))
	if err != nil {
		t.Fatal(err)
	}
	if p := c.Published.Papers[0]; p.Ballots != 8 || p.Void != 4 {
		t.Errorf("%+v", p)
	}
}

// Every lie about what was sealed is refused, though the log's key signs it.
func TestSealedRecordRefuses(t *testing.T) {
	fresh := func() *sample { return sealedSample(t, 3) }
	moved := func(change func(files map[string][]byte)) func(*sample) []byte {
		return func(s *sample) []byte {
			names, files := content(t, s.record(t))
			change(files)
			return zipped(t, s.manifest, names, files)
		}
	}
	published := func(change func(*Published)) func(*sample) []byte {
		return func(s *sample) []byte {
			s.publish = change
			return s.record(t)
		}
	}
	manifest := func(change func(*round.Manifest)) func(*sample) []byte {
		return func(s *sample) []byte {
			change(&s.manifest)
			s.logged(t, s.sizes...)
			return s.record(t)
		}
	}
	first := func(text []byte) (words []string, rest string) {
		line, rest, _ := strings.Cut(string(text), "\n")
		return strings.Split(line, " "), rest
	}
	reason := func(why string) func(map[string][]byte) {
		return func(files map[string][]byte) {
			words, rest := first(files["void/p.txt"])
			words[proofWords+1] = why
			files["void/p.txt"] = []byte(strings.Join(words, " ") + "\n" + rest)
		}
	}
	for want, lie := range map[string]func(*sample) []byte{
		"void/p.txt:1: the ballot is void for another reason: unopened": moved(reason("form")),
		"void/p.txt:1: no reason says why the ballot is void":           moved(reason("")),
		// A ballot that counts, thrown among the void.
		"void/q.txt:1: the ballot counts, and here it is void": moved(func(files map[string][]byte) {
			words, rest := first(files["ballots/c.txt"])
			files["ballots/c.txt"] = []byte(rest)
			files["void/q.txt"] = append([]byte(strings.Join(words[:proofWords+1], " ")+" form\n"), files["void/q.txt"]...)
		}),
		// A void ballot let count.
		"ballots/c.txt:5: the ballot is void (unopened), and here it counts": func(s *sample) []byte {
			e := s.ballots[16]
			text := s.text(t, ballot.Ballot{Round: "r", Paper: "q", Area: "c", Vote: ballot.Vote{Choices: []int{22}}})
			s.spoil(t, 16, make([]byte, len(e.Ballot)), ballot.Commitment(text))
			s.logged(t, s.sizes...)
			names, files := content(t, s.record(t))
			words, rest := first(files["void/q.txt"])
			files["void/q.txt"] = []byte(rest)
			words[proofWords+1] = base64.StdEncoding.EncodeToString(make([]byte, saltLength))
			files["ballots/c.txt"] = append(files["ballots/c.txt"], strings.Join(append(words, "22"), " ")+"\n"...)
			return zipped(t, s.manifest, names, files)
		},
		"paper p: 3 void ballots, but void/p.txt has 2 that are not outdone": moved(func(files map[string][]byte) {
			_, rest := first(files["void/p.txt"])
			files["void/p.txt"] = []byte(rest)
		}),
		"void/p.txt:4: leaf 14 after leaf 16": moved(func(files map[string][]byte) {
			words, _ := first(files["void/p.txt"])
			files["void/p.txt"] = append(files["void/p.txt"], strings.Join(words, " ")+"\n"...)
		}),
		"ballots/a.txt:1: the signature is not by the voter's key over this ballot and seq": moved(func(files map[string][]byte) {
			words, rest := first(files["ballots/a.txt"])
			sealed, err := base64.StdEncoding.DecodeString(words[proofWords])
			if err != nil {
				t.Fatal(err)
			}
			sealed[50] ^= 1
			words[proofWords] = base64.StdEncoding.EncodeToString(sealed)
			files["ballots/a.txt"] = []byte(strings.Join(words, " ") + "\n" + rest)
		}),
		"ballots/a.txt:1: the sealed ballot is not ": moved(func(files map[string][]byte) {
			words, rest := first(files["ballots/a.txt"])
			words[proofWords] = words[proofWords][4:]
			files["ballots/a.txt"] = []byte(strings.Join(words, " ") + "\n" + rest)
		}),
		"outcome.json:5: not the private key to the manifest's sealing.key": published(func(p *Published) {
			p.OpeningKey = bytes.Repeat([]byte{1}, 32)
		}),
		"outcome.json: there is an opening_key exactly if the manifest has sealing": published(func(p *Published) {
			p.OpeningKey = nil
		}),
		"paper p: 2 void ballots, but void/p.txt has 3 that are not outdone": published(func(p *Published) {
			p.Papers[0].Void, p.Papers[0].Difference = 2, 2
		}),
		"paper q: 7 credentials and 6 ballots do not differ by 3": published(func(p *Published) {
			p.Papers[1].Difference = 3
		}),
		"ballots cannot be sealed so": manifest(func(m *round.Manifest) { m.Papers[1].Padded = 10 }),
	} {
		if got := refused(t, lie(fresh())); !strings.Contains(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	s := smallSample(t, 3)
	s.publish = func(p *Published) { p.OpeningKey = bytes.Repeat([]byte{1}, 32) }
	if got := refused(t, s.record(t)); !strings.Contains(got, "exactly if the manifest has sealing") {
		t.Errorf("a key of ballots that were not sealed: %q", got)
	}
}

// Whoever holds the receipt of a void ballot is told so.
func TestVoidReceipt(t *testing.T) {
	s := sealedSample(t, 3)
	zip := s.record(t)
	for i, want := range map[int]ballot.Void{0: "", 13: ballot.Unopened, 17: ballot.Unformed} {
		found, err := Find(t.Context(), bytes.NewReader(zip), s.receipt(t, i, 3))
		if err != nil || found.Void != want {
			t.Errorf("ballot %d: %+v, %v, want void %q", i, found, err, want)
		}
	}
}
