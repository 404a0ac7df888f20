package play

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"osbu/domain/ballot"
	"osbu/domain/record"
	"osbu/domain/tally"
	"osbu/handlers/api"
)

// published is what the round's record says, opened.
type published struct {
	zip     []byte
	record  record.Unpacked
	area    record.PublishedArea
	ballots []ballot.Vote
}

// download fetches the record and opens it.
func (o *official) download(ctx context.Context) (p published, err error) {
	if _, err := o.insist(ctx, http.MethodGet, o.path("/record"), nil, &p.zip); err != nil {
		return p, err
	}
	if p.record, err = record.Open(bytes.NewReader(p.zip)); err != nil {
		return p, fmt.Errorf("record: %w", err)
	}
	if areas := p.record.Published.Areas; len(areas) != 1 || areas[0].Area != area ||
		p.record.Published.Round != o.round {
		return p, fmt.Errorf("record: not of the one area of round %s", o.round)
	}
	p.area = p.record.Published.Areas[0]
	if p.ballots, err = p.record.Votes(area); err != nil {
		return p, fmt.Errorf("record: %w", err)
	}
	return p, nil
}

// verify recomputes the record from what it holds alone, and compares it with
// what voters were shown: the manifest and the published results.
func (o *official) verify(ctx context.Context, p published, poll *polling) error {
	if _, err := record.Verify(ctx, bytes.NewReader(p.zip), record.Options{}); err != nil {
		return fmt.Errorf("record: %w", err)
	}
	if !bytes.Equal(p.record.Note, poll.note) {
		return errors.New("the record's manifest is not the one that voters were given")
	}
	var results api.Results
	if _, err := o.insist(ctx, http.MethodGet, o.path("/results"), nil, &results); err != nil {
		return err
	}
	if len(results.Areas) != 1 || !results.Published || results.Areas[0].InputDigest == nil ||
		results.Areas[0].Ballots != len(p.ballots) ||
		*results.Areas[0].InputDigest != p.area.Input {
		return errors.New("the published results are not those of the record")
	}
	for _, r := range results.Areas[0].Projects {
		if r.Selected != slices.Contains(p.area.Outcome.Selected, strconv.Itoa(r.Project)) {
			return fmt.Errorf("the results page and the record differ on project %d", r.Project)
		}
	}
	return nil
}

// expected counts the file itself by the platform's rule: greedy by votes,
// points or places, ties by lowest cost, most votes, the lot, the number.
func (e *Election) expected(ctx context.Context, seed string) (tally.Outcome, error) {
	in, rule := e.instance, tally.Rule{Method: tally.Greedy, Ties: tally.DefaultTies(), Seed: seed}
	switch in.Form {
	case tally.ChooseOne:
		in.Form = tally.Approval // of one
	case tally.Ordinal:
		rule.Utility = tally.Rank
	}
	in.Projects = slices.Clone(in.Projects)
	for i := range in.Projects {
		in.Projects[i].ID = strconv.Itoa(i + 1)
	}
	return tally.Run(ctx, rule, in)
}

// bag counts equal ballots.
func bag(ballots []ballot.Vote) map[string]int {
	b := map[string]int{}
	for _, v := range ballots {
		b[v.Kind+string(v.Append(nil))]++
	}
	return b
}

// beyond is how many ballots of a are not in b, equal ballots counted as often
// as they occur.
func beyond(a, b []ballot.Vote) (n int) {
	there := bag(b)
	for key, count := range bag(a) {
		n += max(count-there[key], 0)
	}
	return n
}
