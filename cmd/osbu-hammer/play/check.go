package play

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"

	"osbu/domain/pabulib"
	"osbu/domain/record"
	"osbu/domain/round"
	"osbu/domain/tally"
	"osbu/handlers/api"
)

// published is what the round's record says, opened.
type published struct {
	manifest []byte
	area     record.PublishedArea
	input    []byte // the area's .pb
	ballots  [][]int
}

// download fetches the record and opens it.
func (o *official) download(ctx context.Context) (p published, err error) {
	var text []byte
	if _, err := o.insist(ctx, http.MethodGet, o.path("/record"), nil, &text); err != nil {
		return p, err
	}
	z, err := zip.NewReader(bytes.NewReader(text), int64(len(text)))
	if err != nil {
		return p, fmt.Errorf("record: %w", err)
	}
	read := func(name string) (content []byte) {
		f, openErr := z.Open(name)
		if openErr != nil {
			err = errors.Join(err, fmt.Errorf("record: %w", openErr))
			return nil
		}
		defer func() { _ = f.Close() }()
		content, readErr := io.ReadAll(f)
		err = errors.Join(err, readErr)
		return content
	}
	p.manifest = read("manifest.txt")
	var outcome record.Published
	if text := read("outcome.json"); err == nil {
		err = json.Unmarshal(text, &outcome)
	}
	if err != nil {
		return p, err
	}
	if len(outcome.Areas) != 1 || outcome.Areas[0].Area != area || outcome.Round != o.round {
		return p, fmt.Errorf("record: not of the one area of round %s", o.round)
	}
	p.area = outcome.Areas[0]
	if p.input = read(p.area.File); err != nil {
		return p, err
	}
	f, err := pabulib.Parse(string(p.input))
	if err != nil {
		return p, fmt.Errorf("record: %s:%w", p.area.File, err)
	}
	for _, v := range f.Votes {
		numbers := make([]int, len(v.Picks))
		for i, pick := range v.Picks {
			if numbers[i], err = strconv.Atoi(f.Projects[pick].ID); err != nil {
				return p, fmt.Errorf("record: %s: project %q has no number", p.area.File, f.Projects[pick].ID)
			}
		}
		slices.Sort(numbers)
		p.ballots = append(p.ballots, numbers)
	}
	return p, nil
}

// verify recounts the record from what it holds alone, and compares it with what voters were shown: the manifest and the published results.
func (o *official) verify(ctx context.Context, p published, poll *polling) error {
	digest := sha256.Sum256(p.input)
	seed, err := hex.DecodeString(p.area.Lot)
	switch {
	case !bytes.Equal(p.manifest, poll.note):
		return errors.New("the record's manifest is not the one that voters were given")
	case hex.EncodeToString(digest[:]) != p.area.Input:
		return errors.New("the .pb file is not the one that the outcome is an outcome of")
	case err != nil || round.Commit(seed) != poll.manifest.LotCommitment:
		return errors.New("the lot's seed is not the one that the manifest committed to")
	}
	again, err := record.Recount(ctx, p.area.Outcome.Rule, p.input)
	if err != nil {
		return fmt.Errorf("recount: %w", err)
	}
	counted, err := json.Marshal(again)
	if err != nil {
		return err
	}
	said, err := json.Marshal(p.area.Outcome)
	if err != nil {
		return err
	}
	if !bytes.Equal(counted, said) {
		return errors.New("counting the record's ballots again gives another outcome")
	}
	var results api.Results
	if _, err := o.insist(ctx, http.MethodGet, o.path("/results"), nil, &results); err != nil {
		return err
	}
	if len(results.Areas) != 1 || !results.Published || results.Areas[0].Ballots != len(p.ballots) || results.Areas[0].InputDigest != p.area.Input {
		return errors.New("the published results are not those of the record")
	}
	for _, r := range results.Areas[0].Projects {
		if r.Selected != slices.Contains(p.area.Outcome.Selected, strconv.Itoa(r.Project)) {
			return fmt.Errorf("the results page and the record differ on project %d", r.Project)
		}
	}
	return nil
}

// expected counts the file itself by the platform's rule: greedy by votes, ties by lowest cost, most votes, the lot, the number.
func (e *Election) expected(ctx context.Context, seed string) (tally.Outcome, error) {
	in := e.instance
	in.Form = tally.Approval // a choose-1 ballot is an approval of one
	in.Projects = slices.Clone(in.Projects)
	for i := range in.Projects {
		in.Projects[i].ID = strconv.Itoa(i + 1)
	}
	return tally.Run(ctx, tally.Rule{Method: tally.Greedy, Ties: tally.DefaultTies(), Seed: seed}, in)
}

// bag counts equal ballots.
func bag(ballots [][]int) map[string]int {
	b := map[string]int{}
	for _, numbers := range ballots {
		b[fmt.Sprint(numbers)]++
	}
	return b
}

// beyond is how many ballots of a are not in b, equal ballots counted as often as they occur.
func beyond(a, b [][]int) (n int) {
	there := bag(b)
	for key, count := range bag(a) {
		n += max(count-there[key], 0)
	}
	return n
}
