package record

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"osbu/domain"
	"osbu/domain/round"
	"osbu/domain/tally"
)

// publish makes the record and shows it, the results and the turnout to everybody.
func (t taking) publish(ctx context.Context) (round.Round, time.Time, error) {
	standing, err := t.Office.Standing(ctx, t.round)
	if err != nil {
		return round.Round{}, time.Time{}, err
	}
	outcomes, err := t.Office.Outcomes(ctx, t.round)
	if err != nil {
		return round.Round{}, time.Time{}, err
	}
	note, err := t.Urn.Manifest(ctx, t.round)
	if err != nil {
		return round.Round{}, time.Time{}, err
	}
	m, err := openManifest(note)
	if err != nil {
		return round.Round{}, time.Time{}, err
	}
	p, inputs := publication(standing, outcomes)
	record, err := bundle(note, m.Closes, p, inputs)
	if err != nil {
		return round.Round{}, time.Time{}, err
	}
	selected := map[int]bool{}
	for _, o := range outcomes {
		for _, p := range o.Result.Projects {
			number, err := number(p.ID)
			if err != nil {
				return round.Round{}, time.Time{}, err
			}
			selected[number] = p.Selected
		}
	}
	change := t.change(map[string]any{"record": digest(record)}, nil)
	return t.finish(ctx, func() (round.Round, time.Time, error) {
		return t.Office.PublishRound(ctx, t.round, record, selected, change)
	})
}

// Published is outcome.json of the record: money in euros as exact decimals.
type Published struct {
	Format   string           `json:"format"` // PublishedFormat
	Round    string           `json:"round"`
	Decision string           `json:"decision"` // number of the decision that confirmed the result
	Papers   []PublishedPaper `json:"papers"`
	Areas    []PublishedArea  `json:"areas"`
}

// PublishedFormat names the format and its version.
const PublishedFormat = "osbu/outcome/v1"

// PublishedPaper says how many might vote with a paper and how many rights were spent.
type PublishedPaper struct {
	Paper  string `json:"paper"`
	Rights int    `json:"rights"`
	Spent  int    `json:"spent"`
}

// PublishedArea is an area's count. Input is the hex SHA-256 of File; counting File under Rule gives Outcome.
type PublishedArea struct {
	Area    string        `json:"area"`
	File    string        `json:"file"`
	Input   string        `json:"input_sha256"`
	Ballots int           `json:"ballots"`
	Blank   int           `json:"blank"`
	Lot     string        `json:"lot_seed"` // hex; SHA-256 of its bytes is the manifest's lot_commitment
	Outcome tally.Outcome `json:"outcome"`
}

const readmeTop = `This is the record of a participatory budgeting round: everything that is needed to recount it.

manifest.txt   what was voted on, with which rule and keys, signed by the round's log key (C2SP signed note)
areas/*.pb     the ballots of each area, sorted by their choices, in Pabulib's format
outcome.json   the outcome of each area with its steps, and the SHA-256 of the .pb file that it is the outcome of

Check all of it:
  osbu-verify record THIS.zip

Recount an area by hand:
`

// readme tells whoever opens the zip how to check it. But for the zip's own name its commands can be run as they are, beside the unpacked files.
func readme(p Published) []byte {
	b := bytes.NewBufferString(readmeTop)
	for _, a := range p.Areas {
		fmt.Fprintf(b, "  osbu-tally count %s%s\n", a.File, flags(a.Outcome.Rule))
	}
	if len(p.Areas) > 0 {
		b.WriteString("\nThe seed breaks ties by lot. It was drawn before the vote: this prints lot_commitment as manifest.txt has it.\n")
		fmt.Fprintf(b, "  printf %%s %s | tr a-f A-F | basenc --base16 -d | sha256sum\n", p.Areas[0].Lot)
	}
	return b.Bytes()
}

// flags state a complete rule to osbu-tally.
func flags(r tally.Rule) string {
	var b strings.Builder
	for _, f := range []struct{ name, value string }{
		{"rule", string(r.Method)}, {"utility", string(r.Utility)}, {"completion", string(r.Completion)},
		{"comparison", string(r.Comparison)}, {"seed", r.Seed},
	} {
		if f.value != "" {
			b.WriteString(" --" + f.name + " " + f.value)
		}
	}
	switch {
	case r.Threshold == nil:
	case r.Threshold.Share.Sign() > 0:
		b.WriteString(" --threshold " + r.Threshold.Share.Mul(tally.Int(100)).String() + "%")
	default:
		b.WriteString(" --threshold " + r.Threshold.Score.String())
	}
	for _, group := range r.Exclusive {
		b.WriteString(" --exclusive " + strings.Join(group, ","))
	}
	return b.String()
}

// publication is outcome.json of a round and the .pb files that it names.
func publication(st Standing, outcomes []Outcome) (p Published, inputs [][]byte) {
	p = Published{Format: PublishedFormat, Round: st.Round.ID, Decision: st.Round.ConfirmDecision}
	for _, paper := range st.Round.Settings.Papers {
		p.Papers = append(p.Papers, PublishedPaper{Paper: paper.ID, Rights: st.Rights[paper.ID], Spent: st.Spent[paper.ID].Rights()})
	}
	for _, o := range outcomes {
		p.Areas = append(p.Areas, PublishedArea{
			Area: o.Area, File: fileOf(o.Area), Input: o.Digest(), Ballots: o.Ballots, Blank: o.Blank, Lot: o.Seed, Outcome: o.Result,
		})
		inputs = append(inputs, o.Input)
	}
	return p, inputs
}

func fileOf(area string) string { return "areas/" + area + ".pb" }

// bundle makes the zip. The same content always gives the same bytes (nothing is compressed, because compressors change), so that a record with any
// byte changed is another record than its content makes.
func bundle(note []byte, closes time.Time, p Published, inputs [][]byte) ([]byte, error) {
	outcome, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("outcome.json: %w", err)
	}
	files := []file{{"README.txt", readme(p)}, {"manifest.txt", note}}
	for i, a := range p.Areas {
		files = append(files, file{a.File, inputs[i]})
	}
	files = append(files, file{"outcome.json", append(outcome, '\n')})
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, f := range files {
		header := &zip.FileHeader{Name: f.name, Method: zip.Store, Modified: closes.UTC().Truncate(2 * time.Second)}
		header.SetMode(fs.FileMode(0o644))
		w, err := z.CreateHeader(header)
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(f.text); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

type file struct {
	name string
	text []byte
}

// Record is the published zip.
func (s *Service) Record(ctx context.Context, id string) ([]byte, error) {
	r, _, err := s.Office.Round(ctx, id)
	if err != nil {
		return nil, err
	}
	if !r.Phase.Reached(round.Delivering) {
		return nil, domain.Fail(domain.Closed, CodeNotPublic, "the record of %s is not published yet", id)
	}
	return s.Office.Record(ctx, id)
}
