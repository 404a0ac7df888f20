package record

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"math"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"osbu/domain/ballot"
	"osbu/domain/box"
	"osbu/domain/round"
	"osbu/domain/tally"
)

// withheldSample is smallSample with areas b and c withheld.
func withheldSample(t testing.TB, seed uint64) *sample {
	t.Helper()
	s := smallSample(t, seed)
	s.manifest.OpeningsFrom = 5
	return s.logged(t, s.sizes...)
}

// A record made from nothing by a stranger is right in itself. Whoever has the
// round's log key from elsewhere is told that it is not this round's.
func TestRecordOfAStranger(t *testing.T) {
	s := smallSample(t, 1)
	stranger := smallSample(t, 2).record(t)
	if _, err := verify(t, stranger); err != nil {
		t.Fatalf("without a key: %v", err)
	}
	check := func(record []byte) error {
		_, err := Verify(t.Context(), bytes.NewReader(record), Options{Key: s.manifest.LogKey})
		return err
	}
	if err := check(s.record(t)); err != nil {
		t.Errorf("with its own key: %v", err)
	}
	if err := check(stranger); err == nil ||
		!strings.Contains(err.Error(), "not the "+s.manifest.LogKey+" that you named: it is somebody else's record") {
		t.Errorf("a stranger's record: %v", err)
	}
}

// notesOf are the notes of log/checkpoints.txt, which an empty line parts.
func notesOf(checkpoints []byte) []string {
	notes := strings.SplitAfter(strings.ReplaceAll(string(checkpoints), "\n\nosbu/r\n", "\n\x00osbu/r\n"), "\x00")
	for i := range notes {
		notes[i] = strings.TrimSuffix(notes[i], "\x00")
	}
	return notes
}

// Which checkpoints there were, in which order, and who cosigned them, is
// signed: somebody without the log key cannot change it.
func TestCheckpointsAndWitnessesAreSigned(t *testing.T) {
	s := smallSample(t, 1)
	names, texts := content(t, s.record(t))
	notes := notesOf(texts[checkpointsFile])
	cosignature := string(cosignatureOf(texts))
	foreign := smallSample(t, 1)
	foreign.cosigner = "stranger.example"
	_, others := content(t, foreign.signed(t).record(t))
	for name, c := range map[string]struct {
		want  string
		files map[string]string
	}{
		"a checkpoint dropped": {
			"signature.txt:3: not the SHA-256 of this log/checkpoints.txt",
			map[string]string{checkpointsFile: strings.Join(notes[1:], "\n")},
		},
		"a cosignature dropped": {
			"signature.txt:3: not the SHA-256 of this log/checkpoints.txt",
			map[string]string{checkpointsFile: strings.Replace(string(texts[checkpointsFile]), cosignature, "", 1)},
		},
		"a witness dropped, cosignature and key": {"signature.txt:3: ", map[string]string{
			checkpointsFile: strings.Replace(string(texts[checkpointsFile]), cosignature, "", 1), witnessesFile: "",
		}},
		"a stranger for a witness": {"signature.txt:3: ", map[string]string{
			checkpointsFile: string(others[checkpointsFile]), witnessesFile: string(others[witnessesFile]),
		}},
		"a stranger added to the witnesses": {
			"signature.txt:4: not the SHA-256 of this log/witnesses.txt",
			map[string]string{witnessesFile: string(others[witnessesFile]) + string(texts[witnessesFile])},
		},
	} {
		changed := map[string][]byte{}
		for file, text := range texts {
			changed[file] = text
		}
		for file, text := range c.files {
			if text == string(texts[file]) {
				t.Fatalf("%s: %s is not changed", name, file)
			}
			changed[file] = []byte(text)
		}
		if got := refused(t, zipped(t, s.manifest, names, changed)); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// Cosignatures stand in one order, which the log's key has signed.
func TestCosignaturesHaveOneOrder(t *testing.T) {
	s := smallSample(t, 1)
	first := s.notes[2]
	s.cosigner = "another.example"
	s.notes[2] = s.cosigned(t, s.cosignedBy(t, first, "witness.example"))
	if _, err := verify(t, s.record(t)); err != nil { // the platform puts them in order
		t.Fatal(err)
	}
	names, texts := content(t, s.record(t))
	notes := notesOf(texts[checkpointsFile])
	lines := strings.SplitAfter(notes[2], "\n")
	if len(lines) != 8 || !strings.HasPrefix(lines[5], "— another.example") {
		t.Fatalf("%q", lines)
	}
	lines[5], lines[6] = lines[6], lines[5]
	notes[2] = strings.Join(lines, "")
	texts[checkpointsFile] = []byte(strings.Join(notes, "\n"))
	s.sign(t, texts)
	if got := refused(t, zipped(t, s.manifest, names, texts)); !strings.Contains(got,
		"is not in the order of log/witnesses.txt") {
		t.Errorf("got %q", got)
	}
}

// Witnesses that the manifest names are in the record, and one of them has
// cosigned: no browser votes before that.
func TestWitnessesOfTheManifest(t *testing.T) {
	named := func() *sample {
		s := smallSample(t, 1)
		s.manifest.Witnesses = []string{s.keys[0].Key}
		return s.logged(t, s.sizes...)
	}
	s := named()
	if _, err := verify(t, s.record(t)); err != nil {
		t.Fatal(err)
	}
	names, texts := content(t, s.record(t))
	texts[checkpointsFile] = bytes.Replace(texts[checkpointsFile], cosignatureOf(texts), nil, 1)
	s.sign(t, texts)
	none := zipped(t, s.manifest, names, texts)
	texts[witnessesFile] = nil
	s.sign(t, texts)
	missing := zipped(t, s.manifest, names, texts)
	unreadable, twice := named(), named()
	unreadable.manifest.Witnesses = []string{"witness.example"}
	twice.manifest.Witnesses = append(twice.manifest.Witnesses, twice.manifest.Witnesses[0])
	for name, c := range map[string]struct {
		want   string
		record []byte
	}{
		"none has cosigned": {"log/checkpoints.txt: no witness that the manifest names has cosigned any of them", none},
		"missing":           {"log/witnesses.txt: the witness witness.example+", missing},
		"there twice": {
			"manifest.txt:166: the keys are not in the order of their bytes, each once",
			twice.logged(t, 1, 4, 9, 15).record(t),
		},
	} {
		if got := refused(t, c.record); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
	if err := checkManifest(unreadable.manifest); err == nil || err.path != "witnesses/0" {
		t.Errorf("no key: %+v", err)
	}
}

// cosignatureOf is the only witness's line in log/checkpoints.txt.
func cosignatureOf(texts map[string][]byte) []byte {
	return []byte(strings.SplitAfter(notesOf(texts[checkpointsFile])[1], "\n")[5])
}

// A leaf that nobody can open takes no ballot out, and fills no withheld area.
func TestEveryLeafNeedsAProof(t *testing.T) {
	s := withheldSample(t, 1)
	if _, err := verify(t, s.record(t)); err != nil {
		t.Fatal(err)
	}
	nobody := box.Leaf{Type: box.BallotLeaf, Nullifier: sha256.Sum256([]byte("nobody")), Seq: 1}
	outdoing := box.Leaf{Type: box.BallotLeaf, Nullifier: sha256.Sum256(s.ballots[0].Nullifier[:]), Seq: 2}
	for name, c := range map[string]struct {
		want string
		lie  func(s *sample)
	}{
		"a leaf of nobody": {"log/leaves.txt:15: the ballot is in no area's file", func(s *sample) {
			s.leaves = slices.Insert(s.leaves, 14, nobody.String())
			s.leaves[18], s.sizes[3] = "close 14", 22
			s.signed(t)
		}},
		"a leaf that outdoes a published ballot": {"log/leaves.txt:15: the ballot is in no area's file", func(s *sample) {
			s.leaves = slices.Insert(s.leaves, 14, outdoing.String())
			s.leaves[18], s.sizes[3] = "close 14", 22
			s.outdone = make([]bool, len(s.ballots))
			s.outdone[0] = true
			s.signed(t)
		}},
		"a ballot of a withheld area is kept back": {"outcome.json:", func(s *sample) { s.hidden = 1 }},
		"a withheld ballot without a credential": {"withheld/b.txt:1: the credential is not", func(s *sample) {
			s.ballots[1].Credential = s.ballots[0].Credential
		}},
		"a withheld ballot that somebody else signed": {"withheld/b.txt:1: the signature is not", func(s *sample) {
			s.ballots[1].Signature = s.ballots[0].Signature
		}},
		"more withheld ballots than there are": {
			"outcome.json:127: area b: 4 ballots, but withheld/b.txt has 3 that count",
			func(s *sample) {
				s.publish = func(p *Published) { p.Areas[1].Ballots++ }
			},
		},
	} {
		s := withheldSample(t, 1)
		c.lie(s)
		if got := refused(t, s.record(t)); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// The public part of a withheld ballot says nothing of what is in it, and the
// auditors' part must be of the same ballots.
func TestProofsTellNothing(t *testing.T) {
	s := withheldSample(t, 1)
	_, texts := content(t, s.record(t))
	lines := strings.SplitAfter(string(texts["withheld/b.txt"]), "\n")
	if len(lines) != 4 || len(strings.Fields(lines[0])) != proofWords {
		t.Fatalf("%q", lines)
	}
	names, part := content(t, s.part(t))
	whole := strings.SplitAfter(string(part["ballots/b.txt"]), "\n")
	salt := strings.Fields(whole[0])[proofWords]
	if bytes.Contains(s.record(t), []byte(salt)) {
		t.Error("a withheld ballot's salt is in the record")
	}
	for name, c := range map[string]struct{ want, text string }{
		"a ballot less": {"auditors' part: ballots/b.txt:3: 1 ballots are missing", strings.Join(whole[:2], "")},
		"another's first": {
			"auditors' part: ballots/b.txt:1: not the ballot that the record has",
			whole[1] + whole[0] + whole[2],
		},
	} {
		part["ballots/b.txt"] = []byte(c.text)
		_, err := verifyWith(t, s.record(t), zipped(t, s.manifest, names, part))
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}

// Of an area whose ballots are withheld and whose rule needs them, the outcome
// says what is funded and nothing of the way there; and that must be possible.
func TestWithheldOutcomeMustBePossible(t *testing.T) {
	s := withheldSample(t, 1)
	s.gone[24] = true
	c, err := verify(t, s.record(t))
	if err != nil {
		t.Fatal(err)
	}
	said := c.Published.Areas[2].Outcome
	if len(said.Selected) == 0 || said.Iterations != 0 || said.VoterBudget != nil || len(said.Ties) > 0 {
		t.Errorf("%+v", said)
	}
	for _, p := range said.Projects {
		if p.Walk != nil || p.Round != 0 ||
			!slices.Contains([]tally.Status{tally.Bought, tally.Withdrawn, undisclosed}, p.Status) {
			t.Errorf("%+v", p)
		}
	}
	for name, c := range map[string]struct {
		want string
		lie  func(o *tally.Outcome)
	}{
		"a project of another area": {
			`selected has "20"`,
			func(o *tally.Outcome) { o.Selected = append(o.Selected, "20") },
		},
		"one twice": {
			`selected has "`,
			func(o *tally.Outcome) { o.Selected = append(o.Selected, o.Selected[0]) },
		},
		"a withdrawn one":     {"project 24 was withdrawn", func(o *tally.Outcome) { o.Selected = []string{"24"} }},
		"dearer than the pot": {"another outcome", func(o *tally.Outcome) { o.Cost = tally.Int(1) }},
		"more runs":           {"another outcome", func(o *tally.Outcome) { o.Iterations = 3 }},
		"a voter's budget":    {"another outcome", func(o *tally.Outcome) { o.VoterBudget = &tally.Fraction{} }},
		"a tie":               {"another outcome", func(o *tally.Outcome) { o.Ties = []tally.TieMet{{Round: 1}} }},
		"a walk": {
			"another outcome",
			func(o *tally.Outcome) { o.Projects[0].Walk = &tally.Walk{Place: 1} },
		},
		"a status that ballots tell": {
			"another outcome",
			func(o *tally.Outcome) { o.Projects[1].Status = tally.Unaffordable },
		},
		"other votes than its ballot": {"votes of", func(o *tally.Outcome) { o.Projects[0].Votes = 1000 }},
	} {
		s := withheldSample(t, 1)
		s.gone[24] = true
		s.publish = func(p *Published) { c.lie(&p.Areas[2].Outcome) }
		if got := refused(t, s.record(t)); !strings.HasPrefix(got, "outcome.json:") || !strings.Contains(got, c.want) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// The results page shows no more of a withheld area than the record does.
func TestResultsOfAWithheldArea(t *testing.T) {
	m := smallSample(t, 1).manifest
	o, err := countArea(t.Context(), m, m.Areas[2], areaVotes{online: picks([]int{24}, []int{24}, []int{23}, []int{22, 23})}, nil, strings.Repeat("0", 64))
	if err != nil {
		t.Fatal(err)
	}
	byNumber := map[int]Project{}
	for _, p := range m.Projects {
		byNumber[p.Number] = Project{Number: p.Number, Cost: p.Cost}
	}
	for from, ties := range map[int]bool{0: len(o.Result.Ties) > 0, 5: false} {
		a, err := explain(round.Area{ID: "c"}, from, o, byNumber)
		if err != nil {
			t.Fatal(err)
		}
		if a.Withheld != (from > 0) || (len(a.Ties) > 0) != ties || !a.Projects[0].Selected {
			t.Errorf("openings from %d: %+v", from, a)
		}
		last := 0
		for _, p := range a.Projects {
			if from > 0 && p.Selected && p.Project.Number < last {
				t.Errorf("the funded projects of a withheld area come in the order of purchase: %+v", a.Projects)
			}
			last = p.Project.Number
		}
	}
}

// Where points or places are counted, the results tell each project's, as they
// tell its votes; where votes are counted there are no points.
func TestResultsTellPoints(t *testing.T) {
	m := formsSample(t, 1).manifest
	for _, c := range []struct {
		area  int
		votes []ballot.Vote
		from  int
		want  []int64 // by number
	}{
		{0, pointVotes, 0, []int64{11, 15, 6}},
		{0, pointVotes, 9, []int64{0, 0, 0}}, // withheld
		{3, rankingVotes, 0, []int64{5, 8, 4}},
	} {
		votes := slices.Clone(c.votes)
		for i := range votes {
			votes[i].Choices = slices.Clone(votes[i].Choices)
			for k := range votes[i].Choices {
				votes[i].Choices[k] += 10 * c.area
			}
		}
		o, err := countArea(t.Context(), m, m.Areas[c.area], areaVotes{online: votes}, nil, strings.Repeat("0", 64))
		if err != nil {
			t.Fatal(err)
		}
		byNumber := map[int]Project{}
		for _, p := range m.Projects {
			byNumber[p.Number] = Project{Number: p.Number, Cost: p.Cost}
		}
		a, err := explain(round.Area{ID: o.Area}, c.from, o, byNumber)
		if err != nil {
			t.Fatal(err)
		}
		got := make([]int64, len(a.Projects))
		for _, p := range a.Projects {
			got[p.Project.Number-22-10*c.area] = p.Points
		}
		if !a.Pointed || !slices.Equal(got, c.want) {
			t.Errorf("%s, openings from %d: got points %v (pointed: %v), want %v", o.Area, c.from, got, a.Pointed, c.want)
		}
	}
	small := smallSample(t, 1).manifest
	o, err := countArea(t.Context(), small, small.Areas[2], areaVotes{online: picks([]int{24})}, nil, strings.Repeat("0", 64))
	if err != nil {
		t.Fatal(err)
	}
	if a, err := explain(round.Area{ID: "c"}, 0, o, map[int]Project{}); err != nil || a.Pointed {
		t.Errorf("got points where votes are counted: %+v, %v", a, err)
	}
}

// Sums of numbers that are each possible cannot wrap around.
func TestLargeNumbersAreRefused(t *testing.T) {
	for name, lie := range map[string]func(p *PublishedPaper){
		"online":   func(p *PublishedPaper) { p.Online, p.Assisted, p.OnPaper = math.MaxInt64-1, math.MaxInt64, 12 },
		"rights":   func(p *PublishedPaper) { p.Rights = largestCount + 1 },
		"replaced": func(p *PublishedPaper) { p.Replaced = -1 },
	} {
		s := smallSample(t, 1)
		s.publish = func(p *Published) { lie(&p.Papers[0]) }
		if got := refused(t, s.record(t)); !strings.Contains(got, name+" is ") {
			t.Errorf("got %q, want a fault of %s", got, name)
		}
	}
}

// What a manifest may not say.
func TestManifestIsWhatBallotsCanName(t *testing.T) {
	last := func(m *round.Manifest) *round.ManifestProject { return &m.Projects[len(m.Projects)-1] }
	for want, lie := range map[string]func(m *round.Manifest){
		"paper q: nobody can fill in its form: kind: unknown": func(m *round.Manifest) { m.Papers[1].Form.Kind = "scores" },
		"its form: max: too small 3":                          func(m *round.Manifest) { m.Papers[1].Form.Min = 3 },
		"its form: points: not allowed":                       func(m *round.Manifest) { m.Papers[1].Form.Points = 3 },
		"its form: points_each: too small 1": func(m *round.Manifest) {
			m.Papers[1].Form.Kind, m.Papers[1].Form.Points = ballot.Points, 5
		},
		"a share of the ballots is no threshold": func(m *round.Manifest) {
			m.Papers[1].Form.Kind = ballot.Ranking
			m.Areas[2].Rule = round.Rule{Rule: "greedy-threshold", ThresholdPercent: 2}
		},
		"phragmen counts approval and choose-1 ballots, not ordinal ones": func(m *round.Manifest) {
			m.Papers[1].Form.Kind, m.Areas[2].Rule = ballot.Ranking, round.Rule{Rule: "phragmen"}
		},
		"project 0: no ballot can name": func(m *round.Manifest) {
			m.Projects = slices.Insert(m.Projects, 0, round.ManifestProject{Number: 0, Area: "a"})
		},
		"project -1: no ballot can name": func(m *round.Manifest) {
			m.Projects = slices.Insert(m.Projects, 0, round.ManifestProject{Number: -1, Area: "a"})
		},
		"project 1000000: no ballot can name": func(m *round.Manifest) {
			m.Projects = append(m.Projects, round.ManifestProject{Number: 1_000_000, Area: "a"})
		},
		"project 2 after project 3": func(m *round.Manifest) {
			m.Projects[1], m.Projects[2] = m.Projects[2],
				m.Projects[1]
		},
		"project 3 after project 3":               func(m *round.Manifest) { m.Projects[1].Number = 3 },
		"project 24: -1 cents":                    func(m *round.Manifest) { last(m).Cost = -1 },
		"area a: 100000000000001 cents":           func(m *round.Manifest) { m.Areas[0].Pot = largestAmount + 1 },
		"not a SHA-256 in lower-case hexadecimal": func(m *round.Manifest) { m.LotCommitment = strings.ToUpper(m.LotCommitment) },
		`area b: unknown rule "lottery"`:          func(m *round.Manifest) { m.Areas[1].Rule.Rule = "lottery" },
		"area b: threshold and threshold_percent at once": func(m *round.Manifest) {
			m.Areas[1].Rule = round.Rule{Rule: "greedy-threshold", Threshold: 1, ThresholdPercent: 2}
		},
		"area b: a threshold belongs to greedy-threshold alone": func(m *round.Manifest) { m.Areas[1].Rule.Threshold = 1 },
		"area c: unknown completion":                            func(m *round.Manifest) { m.Areas[2].Rule.Completion = "add2" },
		"area c: utility borda needs ordinal ballots":           func(m *round.Manifest) { m.Areas[2].Rule.Utility = "borda" },
		"no decision froze the ballot":                          func(m *round.Manifest) { m.Decision = "" },
		`"minimum", want "maximum"`:                             func(m *round.Manifest) { m.ReservedCost = "minimum" },
		"-1 is not between 0 and 1000000":                       func(m *round.Manifest) { m.OpeningsFrom = -1 },
	} {
		s := smallSample(t, 1)
		lie(&s.manifest)
		if got := manifestRefused(t, s); !strings.Contains(got, want) {
			t.Errorf("want %q\n got %q", want, got)
		}
	}
}

// manifestRefused is the fault of a manifest in a record that is right but for
// it; or, if it cannot be counted with, in that of a good one.
func manifestRefused(t testing.TB, s *sample) string {
	t.Helper()
	for _, a := range s.manifest.Areas {
		_, err := countArea(t.Context(), s.manifest, a, areaVotes{}, nil, "")
		if err != nil || len(paperOf(s.manifest, a.ID).Form.Faults()) > 0 {
			good := smallSample(t, 1)
			names, texts := content(t, good.record(t))
			texts[manifestFile] = s.note(t)
			return refused(t, zipped(t, good.manifest, names, texts))
		}
	}
	return refused(t, s.logged(t, s.sizes...).record(t))
}

// A manifest is one object and its signatures.
func TestManifestEndsWithItsObject(t *testing.T) {
	s := smallSample(t, 1)
	names, texts := content(t, s.record(t))
	text, _, _ := bytes.Cut(texts[manifestFile], []byte("\n\n"))
	for name, more := range map[string]string{"an empty line": "\n\n", "three": "\n\n\n\n", "a word": "\n\nword\n"} {
		signed, err := note.Sign(&note.Note{Text: string(text) + more}, s.signer)
		if err != nil {
			t.Fatal(err)
		}
		changed := map[string][]byte{}
		for file, text := range texts {
			changed[file] = text
		}
		changed[manifestFile] = signed
		if got := refused(t, zipped(t, s.manifest, names, changed)); !strings.HasPrefix(got, "manifest.txt:") ||
			!strings.Contains(got, "not written as a manifest is") {
			t.Errorf("%s after the object: %q", name, got)
		}
	}
}

// The lot's seed has 32 bytes.
func TestSeedsOfAnotherLengthAreRefused(t *testing.T) {
	for _, seed := range []string{"", "00", strings.Repeat("ab", 33)} {
		s := smallSample(t, 1)
		raw, err := hex.DecodeString(seed)
		if err != nil {
			t.Fatal(err)
		}
		s.manifest.LotCommitment = round.Commit(raw)
		s.logged(t, s.sizes...)
		s.lot = &raw
		if got := refused(t, s.record(t)); !strings.Contains(got, "the lot's seed is not the 32 bytes") {
			t.Errorf("a seed of %d bytes: %q", len(raw), got)
		}
	}
}

// What readers who know no Go are told.
func TestMessagesAreForReaders(t *testing.T) {
	s := smallSample(t, 1)
	names, texts := content(t, s.record(t))
	other, key := s.noteKey(t, "osbu/r")
	alien := func(name string, text []byte) []byte {
		body, _, _ := bytes.Cut(text, []byte("\n\n"))
		signed, err := note.Sign(&note.Note{Text: string(body) + "\n"}, other)
		if err != nil {
			t.Fatal(err)
		}
		return signed
	}
	hash := strings.SplitN(key, "+", 3)[1]
	swap := func(name, old, other string) func() []byte {
		return func() []byte { return bytes.Replace(texts[name], []byte(old), []byte(other), 1) }
	}
	for _, c := range []struct {
		name, file string
		change     func() []byte
		want       string
	}{
		{
			"an exponent", outcomeFile, swap(outcomeFile, `"rights": 20`, `"rights": 1e4`),
			"outcome.json:8: papers.0.rights is the number 1e4, not a whole number in digits alone",
		},
		{
			"a number for a text", outcomeFile, swap(outcomeFile, `"decision": "§ 2"`, `"decision": 2`),
			"outcome.json:4: decision is a number without quotes, not a text",
		},
		{
			"no decimal", outcomeFile, swap(outcomeFile, `"left": "60"`, `"left": "sixty"`),
			"outcome.json:85: \"sixty\" is not a decimal number (byte ",
		},
		{
			"a decimal without quotes", outcomeFile, swap(outcomeFile, `"left": "60"`, `"left": 60`),
			"outcome.json:85: areas.0.outcome.projects.0.walk.left is a number without quotes, not a number in quotes",
		},
		{
			"no JSON", outcomeFile, swap(outcomeFile, `"papers": [`, `"papers": (`),
			"outcome.json:5: no JSON: this byte cannot stand here (byte ",
		},
		{
			"a field of capitals", outcomeFile, swap(outcomeFile, `"round"`, `"ROUND"`),
			"outcome.json:3: not written as outcome.json is",
		},
		{
			"an unknown field", manifestFile, swap(manifestFile, `"rehearsal"`, `"rehearsals"`),
			`manifest.txt:8: the field "rehearsals" does not belong here`,
		},
		{
			"a text for a number", manifestFile, swap(manifestFile, `"pot": 10000`, `"pot": "10000"`),
			"manifest.txt:23: areas.0.pot is a text, not a whole number",
		},
		{
			"another key", manifestFile, func() []byte { return alien(manifestFile, texts[manifestFile]) },
			"manifest.txt:166: signed by osbu/r+" + hash + ", not by the round's log key osbu/r+b291dfa4",
		},
	} {
		changed := map[string][]byte{}
		for file, text := range texts {
			changed[file] = text
		}
		changed[c.file] = c.change()
		if got := refused(t, zipped(t, s.manifest, names, changed)); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s\nwant %q\n got %q", c.name, c.want, got)
		}
	}
	whole := zipped(t, s.manifest, names, texts)
	if got := refused(t, append(bytes.Clone(whole), 0, 0)); !strings.HasPrefix(got,
		"2 bytes follow the end of the zip (byte ") &&
		!strings.HasPrefix(got, "no zip") {
		t.Errorf("bytes after the zip: %q", got)
	}
	at := bytes.Index(whole, []byte("UT\x05\x00"))
	if at < 0 {
		t.Fatal("the zip has no time")
	}
	whole[at+5]++
	if got := refused(t, whole); !strings.HasPrefix(got, "the zip itself is not the one that its files make") ||
		!strings.Contains(got, "(byte ") {
		t.Errorf("a byte of the zip's own: %q", got)
	}
}

// The log vouches for the audit log: no step can be left out, added, moved or
// told otherwise afterwards, chain and all.
func TestStepsAreVouchedFor(t *testing.T) {
	s := smallSample(t, 1)
	c, err := verify(t, s.record(t))
	if err != nil || len(c.Steps) != 6 || c.Steps[0].Step != round.Freeze || c.Steps[2].Step != round.MoveTimes {
		t.Fatalf("%+v, %v", c.Steps, err)
	}
	_, texts := content(t, s.record(t))
	if steps := string(texts[stepsFile]); strings.Contains(steps, "official") || strings.Contains(steps, "storm") ||
		strings.Contains(steps, "codes") {
		t.Errorf("who, why, or what is no step's stands there:\n%s", steps)
	}
	anew := func(f func([]round.Entry) []round.Entry) func(*sample) {
		return func(s *sample) { s.entries = chained(f(s.entries)) }
	}
	told := func(at int, details string) func(*sample) {
		return func(s *sample) {
			s.tell = func(entries []round.Entry) []round.Entry { entries[at].Details = details; return entries }
			s.logged(t, s.sizes...)
		}
	}
	const (
		another = "log/steps.txt:2: the leaf of line 15 in log/leaves.txt vouches for another audit log"
		none    = `{"changes":[]}`
	)
	for name, c := range map[string]struct {
		want string
		lie  func(*sample)
	}{
		"an entry before the freeze, written anew": {another, anew(func(e []round.Entry) []round.Entry {
			e[0].Reason = "another"
			return e
		})},
		"an entry added": {
			"log/steps.txt:3: the leaf of line 15", anew(func(e []round.Entry) []round.Entry { return slices.Insert(e, 1, e[0]) }),
		},
		"an entry left out": {
			"log/steps.txt:4: the leaf of line 17", anew(func(e []round.Entry) []round.Entry { return slices.Delete(e, 3, 4) }),
		},
		"a step left out": {
			"log/steps.txt:5: the leaf of line 17", anew(func(e []round.Entry) []round.Entry { return slices.Delete(e, 4, 5) }),
		},
		"another time of the close": {
			"log/steps.txt:6: the leaf of line 19", anew(func(e []round.Entry) []round.Entry {
				e[5].At = e[5].At.Add(1000)
				return e
			}),
		},
		"another reason": {
			"log/steps.txt:5: the leaf of line 17", anew(func(e []round.Entry) []round.Entry { e[4].Reason = "sun"; return e }),
		},
		"the last step cut off": {
			"log/leaves.txt:21: the step is missing in log/steps.txt",
			func(s *sample) { s.entries = s.entries[:7] },
		},
		"no step": {"log/leaves.txt:15: the step is missing in log/steps.txt", func(s *sample) { s.entries = nil }},
		"a leaf left out": {"log/leaves.txt:20: the step confirm does not follow \"close\"", func(s *sample) {
			s.leaves, s.sizes[3] = slices.Delete(s.leaves, 19, 20), 20
			s.signed(t)
		}},
		"the confirmation's leaf left out": {
			"log/steps.txt:8: a step that no leaf of the log vouches for", func(s *sample) {
				s.leaves, s.sizes[3] = s.leaves[:20], 20
				s.signed(t)
			},
		},
		"a leaf twice": {"log/leaves.txt:17: the step open does not follow \"open\"", func(s *sample) {
			s.leaves, s.sizes[3] = slices.Insert(s.leaves, 16, s.leaves[15]), 22
			s.signed(t)
		}},
		"a close before its time": {
			"log/steps.txt:6: the vote was closed before 2026-05-14T19:00:00Z, when it was to close",
			told(4, `{"changes":[{"field":"voting.closes","from":"2026-05-14T17:00:00Z","to":"2026-05-14T19:00:00Z"}]}`),
		},
		"a move from another time": {
			"log/steps.txt:5: voting.closes was ",
			told(4, `{"changes":[{"field":"voting.closes","from":"2026-05-13T17:00:00Z","to":"2026-05-15T17:00:00Z"}]}`),
		},
		"a freeze of another manifest": {"log/steps.txt:2: the step froze another manifest", told(1, none)},
		"another decision":             {"log/steps.txt:8: the steps confirm by another decision", told(7, none)},
		"no JSON":                      {"log/steps.txt:7: what the step says is no JSON object", told(6, "17 inputs")},
	} {
		s := smallSample(t, 1)
		c.lie(s)
		if got := refused(t, s.record(t)); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// Where ballots are withheld the votes of projects that few named are not told,
// nor can they be told from the others'; and a record that tells them, or keeps
// more back, is refused.
func TestFewVotesAreNotTold(t *testing.T) {
	for name, c := range map[string]struct{ votes, told []int64 }{
		"all have enough":      {[]int64{9, 5, 7}, []int64{9, 5, 7}},
		"two have few":         {[]int64{4, 9, 0}, []int64{-1, 9, -1}},
		"one alone":            {[]int64{9, 4, 7, 8}, []int64{9, -1, -1, 8}},
		"one, two as few":      {[]int64{7, 4, 7}, []int64{-1, -1, 7}},
		"one, and nobody else": {[]int64{3}, []int64{-1}},
	} {
		t.Run(name, func(t *testing.T) {
			projects := make([]tally.Result, len(c.votes))
			for i, n := range c.votes {
				projects[i] = tally.Result{Votes: n, Score: tally.Int(n)}
			}
			withholdFew(projects)
			for i, p := range projects {
				want := tally.Result{Votes: c.told[i], Score: tally.Int(c.told[i])}
				if c.told[i] < 0 {
					want = tally.Result{VotesWithheld: true}
				}
				if p.Votes != want.Votes || p.Score.Cmp(want.Score) != 0 || p.VotesWithheld != want.VotesWithheld {
					t.Errorf("got %+v of %d votes, want %+v", p, c.votes[i], want)
				}
			}
		})
	}
	s := withheldSample(t, 1)
	c, err := verify(t, s.record(t))
	if err != nil {
		t.Fatal(err)
	}
	said := c.Published.Areas[1].Outcome
	for _, p := range said.Projects {
		if !p.VotesWithheld || p.Votes != 0 || p.Walk != nil {
			t.Errorf("got %+v of fewer than five votes, want nothing told", p)
		}
	}
	for name, lie := range map[string]func(p *tally.Result){
		"few votes told": func(p *tally.Result) { p.Votes, p.Score, p.VotesWithheld = 2, tally.Int(2), false },
		"none claimed":   func(p *tally.Result) { p.VotesWithheld = false },
		"both":           func(p *tally.Result) { p.Votes = 2 },
	} {
		s := withheldSample(t, 1)
		s.publish = func(p *Published) { lie(&p.Areas[1].Outcome.Projects[0]) }
		if got := refused(t, s.record(t)); !strings.HasPrefix(got, "outcome.json:") {
			t.Errorf("%s: got %q, want it refused", name, got)
		}
	}
	wide := repeatedSample(t, 1)
	wide.publish = func(p *Published) {
		r := &p.Areas[1].Outcome.Projects[0]
		r.Votes, r.Score, r.VotesWithheld = 0, tally.Number{}, true
	}
	if got := refused(t, wide.record(t)); !strings.HasPrefix(got, "outcome.json:") {
		t.Errorf("votes kept back that are many: got %q, want it refused", got)
	}
}
