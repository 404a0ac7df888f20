package record

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
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
	record, err := bundle(note, standing, outcomes)
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

// readme tells whoever opens the zip how to check it; the commands are those of this project.
const readme = `This is the record of a participatory budgeting round: everything that is needed to recount it.

manifest.txt   what was voted on, with which rule and keys, signed by the round's log key (C2SP signed note)
areas/*.pb     the ballots of each area, sorted by their choices, in Pabulib's format
outcome.json   the outcome of each area with its steps, and the SHA-256 of the .pb file that it is the outcome of

Recount an area, with rule and lot_seed from outcome.json:
  osbu-tally count areas/AREA.pb --rule RULE --seed LOT_SEED
The lot's seed must be the one that manifest.txt committed to:
  printf %s LOT_SEED | xxd -r -p | sha256sum     equals lot_commitment in manifest.txt
`

// bundle makes the zip; the same round always gives the same bytes.
func bundle(note []byte, st Standing, outcomes []Outcome) ([]byte, error) {
	p := Published{Format: PublishedFormat, Round: st.Round.ID, Decision: st.Round.ConfirmDecision}
	for _, paper := range st.Round.Settings.Papers {
		p.Papers = append(p.Papers, PublishedPaper{Paper: paper.ID, Rights: st.Rights[paper.ID], Spent: st.Spent[paper.ID]})
	}
	files := []file{{"README.txt", []byte(readme)}, {"manifest.txt", note}}
	for _, o := range outcomes {
		name := "areas/" + o.Area + ".pb"
		files = append(files, file{name, o.Input})
		p.Areas = append(p.Areas, PublishedArea{
			Area: o.Area, File: name, Input: o.Digest(), Ballots: o.Ballots, Blank: o.Blank, Lot: o.Seed, Outcome: o.Result,
		})
	}
	outcome, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("outcome.json: %w", err)
	}
	files = append(files, file{"outcome.json", append(outcome, '\n')})
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, f := range files {
		header := &zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: st.Round.Times.Voting.Closes.UTC().Truncate(2 * time.Second)}
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
