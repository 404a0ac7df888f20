package record

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"osbu/domain/ballot"
	"osbu/domain/box"
	"osbu/domain/round"
)

// sheet puts a sheet of paper in the box, of a batch that agreed on it.
func (s *sample) sheet(t testing.TB, batch, area string, choices ...int) {
	t.Helper()
	paper := paperOf(s.manifest, area).ID
	b := ballot.Ballot{Round: "r", Paper: paper, Area: area, Vote: ballot.Vote{Choices: choices}, Salt: [32]byte(s.bytes(32))}
	text := s.text(t, b)
	serial := fmt.Sprintf("%08d", len(s.ballots))
	s.private = append(s.private, nil)
	s.ballots = append(s.ballots, box.Entry{
		Round: "r", Paper: paper, Batch: batch, Serial: serial, Commit: ballot.Commitment(text), Ballot: text,
	})
	i := slices.IndexFunc(s.batches, func(b box.PaperBatch) bool { return b.Batch == batch })
	if i < 0 {
		i = len(s.batches)
		s.batches = append(s.batches, box.PaperBatch{
			Batch: batch, Paper: paper, Place: "Kallion kirjasto", Day: "2026-05-14", State: box.BatchSealed,
		})
	}
	s.batches[i].Agreed++
	s.batches[i].Declared++
	s.batches[i].Marked++
}

// withPaper casts smallSample's ballots, and some on paper: of batches whose
// numbers agree, of one with doubtful sheets, and of one that is left out.
func withPaper(t testing.TB, s *sample) *sample {
	t.Helper()
	s.castSmall(t)
	s.sheet(t, "KALLIO1", "a", 1, 3)
	s.sheet(t, "KALLIO1", "b", 20)
	s.cast(t, "a", 1)
	s.sheet(t, "KALLIO1", "a", 2)
	s.sheet(t, "MYLLY2", "a", 3)
	s.sheet(t, "CITY", "c", 24)
	s.sheet(t, "CITY", "c", 24)
	m := &s.batches[1]
	m.Agreed, m.Decided, m.Uncounted = 0, map[string]int{"mark_outside": 1}, map[string]int{"unreadable": 1, "too_many": 1}
	m.Declared, m.Marked, m.TakenAway = 4, 6, 1
	m.Explanation = "Declared 4 & keyed 3: one sheet lay in two. <One> person left with \"hers\", another put none in."
	s.batches = append(s.batches, box.PaperBatch{
		Batch: "LOST", Paper: "p", Place: "Vuosaari", Day: "2026-05-14", State: box.BatchLeftOut, Marked: 2, Declared: 2,
		BatchCount: box.BatchCount{Explanation: "The box burned on its way."},
	})
	slices.SortFunc(s.batches, func(a, b box.PaperBatch) int { return strings.Compare(a.Batch, b.Batch) })
	s.spent = map[string]Spent{"p": {Online: 8, Assisted: 2, OnPaper: 11, Replaced: 1}, "q": {Online: 5, OnPaper: 2}}
	s.rights = map[string]int{"p": 30, "q": 20}
	return s.logged(t, 1, 4, 15, 22)
}

func paperSample(t testing.TB, seed uint64) *sample {
	t.Helper()
	return withPaper(t, newSample(t, seed))
}

// Sheets of paper count as other ballots do, and the record accounts for every
// right that was spent on paper. Sealed rounds have their sheets in clear.
func TestPaperRecordConfirms(t *testing.T) {
	for name, s := range map[string]*sample{"clear": newSample(t, 1), "sealed": newSample(t, 1)} {
		if name == "sealed" {
			s.seal(t)
		}
		withPaper(t, s)
		record := s.record(t)
		c, err := verify(t, record)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		p, a := c.Published.Papers[0], c.Published.Areas[0]
		if p.Ballots != 14 || p.Sheets != 4 || p.Difference != 1 || p.Credentials != 11 || p.OnPaper != 11 {
			t.Errorf("%s: %+v", name, p)
		}
		if a.Ballots != 10 || a.Sheets != 3 || c.Published.Areas[2].Sheets != 2 || len(c.Batches) != 4 {
			t.Errorf("%s: %+v, %+v", name, a, c.Batches)
		}
		said, err := c.Votes("c")
		if err != nil || len(said) != 6 || !slices.Equal(said[5].Choices, []int{24}) {
			t.Errorf("%s: votes of c: %v, %v", name, said, err)
		}
		_, texts := content(t, record)
		want := fmt.Sprintf(" paper KALLIO1 %s ", s.ballots[13].Serial)
		if lines := strings.SplitAfter(string(texts["ballots/a.txt"]), "\n"); !strings.Contains(lines[6], want) {
			t.Errorf("%s: %q, want %q", name, lines[6], want)
		}
		outcome := string(texts["areas/c.pb"])
		if !strings.Contains(outcome, "voter_id;vote;voting_method\n") || !strings.Contains(outcome, ";24;paper\n") ||
			!strings.Contains(outcome, ";24;internet\n") {
			t.Errorf("%s: %s", name, outcome)
		}
	}
}

// Where one way of voting has few ballots no file says how each was cast; what
// is withheld has neither salt nor choices, and a sheet's batch and serial.
func TestFewSheetsAreNotTold(t *testing.T) {
	s := paperSample(t, 1)
	s.manifest.OpeningsFrom = 5
	s.logged(t, s.sizes...)
	record, part := s.record(t), s.part(t)
	if _, err := verifyWith(t, record, part); err != nil {
		t.Fatal(err)
	}
	c, err := verify(t, record)
	if err != nil || !slices.Equal(c.Unchecked, []string{"b"}) {
		t.Fatalf("%v unchecked, %v", c.Unchecked, err)
	}
	_, texts := content(t, record)
	for _, area := range []string{"a", "c"} {
		if text := texts["areas/"+area+".pb"]; bytes.Contains(text, []byte("voting_method")) {
			t.Errorf("area %s tells how few voted on paper: %s", area, text)
		}
	}
	if text := texts["withheld/b.txt"]; !bytes.Contains(text, []byte("15 paper KALLIO1 00000014\n")) {
		t.Errorf("%s", text)
	}
}

// Every lie about paper is refused, though the log's key signs it.
func TestPaperRecordRefuses(t *testing.T) {
	again := func(s *sample) { s.logged(t, s.sizes...) }
	batch := func(name string, f func(*box.PaperBatch)) func(*sample) {
		return func(s *sample) {
			f(&s.batches[slices.IndexFunc(s.batches, func(b box.PaperBatch) bool { return b.Batch == name })])
		}
	}
	published := func(f func(*Published)) func(*sample) { return func(s *sample) { s.publish = f } }
	const first = 13 // the first sheet among the ballots
	for want, lie := range map[string]func(*sample){
		// A sheet more, a sheet less, a sheet twice, or nobody's.
		"paper/batches.txt:2: batch KALLIO1 says that 3 sheets count, but the log has 4 of it": func(s *sample) {
			s.sheet(t, "KALLIO1", "a", 1)
			batch("KALLIO1", func(b *box.PaperBatch) { b.Agreed, b.Declared, b.Marked = 3, 3, 3 })(s)
			s.logged(t, 1, 4, 15, 23)
		},
		"log/leaves.txt:18: a second sheet with the serial of line 15": func(s *sample) { s.ballots[16].Serial = s.ballots[first].Serial; again(s) },
		"log/leaves.txt:15: a sheet of batch GHOST, which is not in":   func(s *sample) { s.ballots[first].Batch = "GHOST"; again(s) },
		"log/leaves.txt:15: leaf: serial \"1234567I\", want":           func(s *sample) { s.ballots[first].Serial = "1234567I"; again(s) },
		"log/leaves.txt:15: the ballot is in no area's file": func(s *sample) {
			s.hidden = len(s.ballots) - first
			s.publish = func(p *Published) {
				for i := range p.Areas {
					p.Areas[i].Sheets = 0
				}
			}
		},
		// Another sheet's, another paper's, another ballot.
		"ballots/a.txt:7: batch and serial are not those of leaf 14": func(s *sample) { s.ballots[first].Serial = "ZZZZZZZZ" },
		"ballots/a.txt:7: the ballot is not the one that leaf 14 commits to": func(s *sample) {
			s.ballots[first].Ballot = s.ballots[16].Ballot
		},
		"ballots/a.txt:7: batch KALLIO1 is not of paper p": batch("KALLIO1", func(b *box.PaperBatch) { b.Paper = "q" }),
		"ballots/a.txt:1: key and seq are not those of leaf": func(s *sample) {
			s.ballots[0].Nullifier[0] ^= 1
		},
		"ballots/a.txt:7: the choices break the form; choices: too many (1)": func(s *sample) {
			s.manifest.Papers[0].Form.Max = 1
			for i := range s.ballots { // those with a credential obey it
				if e := &s.ballots[i]; !e.OnPaper() && e.Paper == "p" {
					b := s.read(t, *e).ballot
					b.Choices = b.Choices[:min(len(b.Choices), 1)]
					e.Ballot = s.text(t, b)
					e.Commit = ballot.Commitment(e.Ballot)
					e.Signature = s.signs(i)
				}
			}
			again(s)
		},
		// Numbers.
		"outcome.json:15: paper p: 4 sheets of paper, but only 3 rights were spent on paper": func(s *sample) { s.spent["p"] = Spent{Online: 11, OnPaper: 3} },
		"outcome.json:11: paper p: 12 rights were spent on paper, but its batches in paper/batches.txt answer for 11": func(s *sample) {
			s.spent["p"] = Spent{Online: 11, OnPaper: 12}
		},
		"outcome.json:15: paper p: 3 sheets of paper, but its areas have 4": published(func(p *Published) { p.Papers[0].Sheets = 3 }),
		"outcome.json:16: paper p: 11 credentials and 10 ballots do not differ by 5": published(func(p *Published) {
			p.Papers[0].Difference = 5
		}),
		"outcome.json:14: paper p: 10 ballots, but only 9 credentials were issued": func(s *sample) { s.spent["p"] = Spent{Online: 9, OnPaper: 11} },
		"outcome.json:38: area a: 2 sheets of paper, but ballots/a.txt has 3":      published(func(p *Published) { p.Areas[0].Sheets = 2 }),
		// Batches.
		"paper/batches.txt:1: batch CITY is neither sealed nor left out":           batch("CITY", func(b *box.PaperBatch) { b.State = box.BatchDeclared }),
		"paper/batches.txt:1: state \"lost\"":                                      batch("CITY", func(b *box.PaperBatch) { b.State = "lost" }),
		"paper/batches.txt:1: batch CITY is of paper \"z\", which is not the man":  batch("CITY", func(b *box.PaperBatch) { b.Paper = "z" }),
		"paper/batches.txt:1: batch \"c\", want 1 to 12 of A-Z and 0-9":            batch("CITY", func(b *box.PaperBatch) { b.Batch = "c" }),
		"paper/batches.txt:1: day \"2026-02-30\", want YYYY-MM-DD":                 batch("CITY", func(b *box.PaperBatch) { b.Day = "2026-02-30" }),
		"paper/batches.txt:1: place: no text of one line":                          batch("CITY", func(b *box.PaperBatch) { b.Place = "" }),
		"paper/batches.txt:1: explanation: no text of one line":                    batch("CITY", func(b *box.PaperBatch) { b.Explanation = "two\nlines" }),
		"paper/batches.txt:1: spoiled: not a number from 0 to":                     batch("CITY", func(b *box.PaperBatch) { b.Spoiled = -1 }),
		"paper/batches.txt:1: reason \"Too many\" with 1 sheets":                   batch("CITY", func(b *box.PaperBatch) { b.Uncounted = map[string]int{"Too many": 1} }),
		"paper/batches.txt:1: the numbers do not agree, and no explanation says w": batch("CITY", func(b *box.PaperBatch) { b.Declared++ }),
		"paper/batches.txt:2: the numbers do not agree, and no explanation says w": batch("KALLIO1", func(b *box.PaperBatch) { b.Marked++ }),
		"paper/batches.txt:3: left out, and no explanation says why":               batch("LOST", func(b *box.PaperBatch) { b.Explanation = "" }),
		"paper/batches.txt:3: left out, and has sheets that count":                 batch("LOST", func(b *box.PaperBatch) { b.Agreed = 1 }),
		"paper/batches.txt:2: batch CITY after KALLIO1: not in the order of their": func(s *sample) { s.batches[0], s.batches[1] = s.batches[1], s.batches[0] },
		"paper/batches.txt:2: batch CITY after CITY: not in the order of their":    func(s *sample) { s.batches = slices.Insert(s.batches, 0, s.batches[0]) },
	} {
		s := paperSample(t, 1)
		lie(s)
		if got := refused(t, s.record(t)); !strings.HasPrefix(got, want) {
			t.Errorf("want %q\n got %q", want, got)
		}
	}
	s := paperSample(t, 1)
	names, texts := content(t, s.record(t))
	for want, lie := range map[string]func(string) string{
		"paper/batches.txt:1: not written as a batch is": func(text string) string {
			return strings.Replace(text, "\"missing\":0", "\"missing\":1", 1)
		},
		"paper/batches.txt:1: no batch: unknown field": func(text string) string { return strings.Replace(text, "\"day\"", "\"date\"", 1) },
		"paper/batches.txt:1: no batch: ":              func(string) string { return "none\n" },
		"paper/batches.txt:1: something follows":       func(text string) string { return strings.Replace(text, "}\n", "} 1\n", 1) },
	} {
		changed := map[string][]byte{}
		for name, text := range texts {
			changed[name] = text
		}
		changed[batchesFile] = []byte(lie(string(texts[batchesFile])))
		s.sign(t, changed)
		if got := refused(t, zipped(t, s.manifest, names, changed)); !strings.HasPrefix(got, want) {
			t.Errorf("want %q\n got %q", want, got)
		}
	}
	texts[batchesFile] = bytes.Replace(texts[batchesFile], []byte("The box burned"), []byte("The box BURNED"), 1)
	if got := refused(t, zipped(t, s.manifest, names, texts)); !strings.HasPrefix(got, "signature.txt:5: not the SHA-256 of this paper/batches.txt") {
		t.Error(got)
	}
}

// What is in the way of the close, by paper.
func TestPaperBlockers(t *testing.T) {
	st := State{Round: round.Round{}, Spent: map[string]Spent{"p": {OnPaper: 3}}}
	st.Round.Settings.Papers = []round.Paper{{ID: "p"}, {ID: "q"}}
	if got := fmt.Sprint(st.paperBlockers()); got != "[{paper_unaccounted [] [p] []}]" {
		t.Errorf("no batch for three rights: %s", got)
	}
	st.Batches = []box.PaperBatch{{Batch: "A", Paper: "p", Marked: 2, State: box.BatchDeclared}, {Batch: "B", Paper: "q", Marked: 1, State: box.BatchSealed}}
	if got := fmt.Sprint(st.paperBlockers()); got != "[{paper_batches_open [] [p] []} {paper_unaccounted [] [p q] []}]" {
		t.Errorf("an open batch, and rights that do not agree: %s", got)
	}
	st.Batches = []box.PaperBatch{
		{Batch: "A", Paper: "p", Marked: 2, State: box.BatchSealed}, {Batch: "B", Paper: "p", Marked: 1, State: box.BatchLeftOut},
	}
	if got := st.paperBlockers(); len(got) != 0 {
		t.Errorf("all is accounted for: %v", got)
	}
}
