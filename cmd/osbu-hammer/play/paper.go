package play

import (
	"context"
	crand "crypto/rand"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"time"

	openapi_types "github.com/oapi-codegen/runtime/types"

	"osbu/domain"
	"osbu/domain/ballot"
	"osbu/handlers/api"
)

// Paper says what part of an election is cast on paper, at a place of its own.
type Paper struct {
	Share  float64      // of the ballots, from 0 to 1; those that name nothing are not
	Second *http.Client // another official's session: two people key each batch in
	// Roll imports the round's roll, as a city does: rights of people are marked
	// at places, not voting codes.
	Roll func(ctx context.Context, round string, text []byte) error
}

// PaperReport is how paper fared.
type PaperReport struct {
	Sheets   int     `json:"sheets"` // that count
	Doubtful int     `json:"doubtful"`
	Batches  int     `json:"batches"`
	Seeded   int     `json:"errors_seeded"` // sheets that the first keyed in wrongly
	Found    int     `json:"errors_found"`  // that the comparison showed, each as it was
	Seconds  float64 `json:"seconds"`
}

// A batch is what one person keys in at a sitting: so many sheets, in a file of
// at most so many bytes.
const (
	mostInBatch  = 200
	longestBatch = 20_000
)

// oneInTen sheets the first of the two keys in wrongly.
const oneInTen = 10

// sheet is one of paper.
type sheet struct {
	serial string
	vote   ballot.Vote
	reason string // it is doubtful, and does not count
}

// row is how somebody keys it in.
func (s sheet) row() string {
	return s.serial + ";" + strings.TrimSpace(string(s.vote.Append(nil))) + ";" + s.reason + "\n"
}

// stacks are the sheets of paper in batches, each with one that is doubtful.
func stacks(e *Election, on []int) (batches [][]sheet, err error) {
	var batch []sheet
	size := 0
	add := func(s sheet) error {
		serial, err := domain.DrawCode(crand.Reader, 2)
		s.serial = serial
		batch, size = append(batch, s), size+len(s.row())
		return err
	}
	for n, i := range on {
		if err := add(sheet{vote: e.Ballots[i]}); err != nil {
			return nil, err
		}
		if n+1 < len(on) && len(batch) < mostInBatch-1 && size < longestBatch {
			continue
		}
		if err := add(sheet{vote: ballot.Vote{Kind: e.Form.VoteKind()}, reason: "unreadable"}); err != nil {
			return nil, err
		}
		batches, batch, size = append(batches, batch), nil, 0
	}
	return batches, nil
}

// choosePaper draws which ballots are cast on paper, and makes the batches.
func (r *Rehearsal) choosePaper() (err error) {
	p := r.Config.Paper
	if p.Share <= 0 {
		return nil
	}
	if r.LastEvening {
		return errors.New("a last evening has no paper")
	}
	r.onPaper = map[int]bool{}
	var on []int
	most := int(p.Share*float64(len(r.Election.Ballots)) + 0.5)
	for _, i := range rand.Perm(len(r.Election.Ballots)) {
		if len(on) < most && len(r.Election.Ballots[i].Choices) > 0 {
			on, r.onPaper[i] = append(on, i), true
		}
	}
	r.batches, err = stacks(r.Election, on)
	return err
}

// online are the ballots that are cast with a voting code, in random order: the
// file's order may be the order of casting, or sorted.
func (r *Rehearsal) online() []int {
	return slices.DeleteFunc(rand.Perm(len(r.Election.Ballots)), func(i int) bool { return r.onPaper[i] })
}

// people are as many as there are sheets.
func (r *Rehearsal) people() (n int) {
	for _, b := range r.batches {
		n += len(b)
	}
	return n
}

func batchName(i int) string { return fmt.Sprintf("B%d", i+1) }

// playPaper has paper voted with, declared, keyed in twice and put into the
// log. The time to vote ends meanwhile.
func (r *Rehearsal) playPaper(ctx context.Context, report *Report) error {
	if len(r.batches) == 0 {
		return nil
	}
	began := time.Now()
	second, err := signedIn(ctx, r.URL, r.Config.Paper.Second)
	if err != nil {
		return err
	}
	p := &PaperReport{Batches: len(r.batches)}
	report.Paper = p
	if err := r.giveOut(ctx); err != nil {
		return err
	}
	if err := r.office.endNow(ctx); err != nil {
		return err
	}
	for i, sheets := range r.batches {
		if err := r.keyTwice(ctx, second, batchName(i), sheets, p); err != nil {
			return fmt.Errorf("batch %s: %w", batchName(i), err)
		}
	}
	for i := range r.onPaper {
		r.votes[i].kept = true
	}
	p.Sheets, p.Seconds = len(r.onPaper), time.Since(began).Seconds()
	report.Acknowledged += p.Sheets
	return nil
}

// giveOut announces a voting place, marks a right there for each sheet, and
// declares the batches.
func (r *Rehearsal) giveOut(ctx context.Context) error {
	now := time.Now().UTC().Truncate(time.Second)
	name := "Paper"
	said := api.ShortText{Fi: &name, Sv: &name}
	var event api.Event
	if _, err := r.office.insist(ctx, http.MethodPost, r.office.path("/events"), api.EventText{
		Kind: "voting", Title: said, About: said, Place: name, Address: name, Languages: []api.SpokenLanguage{"fi"},
		Access: []api.EventAccess{}, Times: []api.EventTime{{Begins: now.Add(time.Hour), Ends: now.Add(2 * time.Hour)}},
	}, &event); err != nil {
		return err
	}
	if _, err := r.office.insist(ctx, http.MethodPost, r.office.path(fmt.Sprint("/events/", event.Id, "/publish")), nil,
		&event); err != nil {
		return err
	}
	place := r.office.path(fmt.Sprint("/places/", event.Id))
	r.Note(fmt.Sprintf("paper: %d people at a voting place, %d batches", r.people(), len(r.batches)))
	for n := range r.people() {
		var marked api.PaperMarkAnswer
		if _, err := r.office.insist(ctx, http.MethodPost, place+"/paper-marks",
			api.PaperMark{IdentityCode: identityCode(n), Document: "passport"}, &marked); err != nil {
			return err
		}
		if len(marked.Marked) != 1 {
			return fmt.Errorf("a right could not be marked as used on paper: %+v", marked)
		}
	}
	var numbers api.Round
	if _, err := r.office.insist(ctx, http.MethodGet, r.office.path(""), nil, &numbers); err != nil {
		return err
	}
	day := openapi_types.Date{Time: helsinkiDay(numbers.Now)}
	for i, sheets := range r.batches {
		if _, err := r.office.insist(ctx, http.MethodPut, place+"/batches/"+batchName(i),
			api.BatchDeclaration{Day: day, Declared: len(sheets), Paper: paper}, &[]byte{}); err != nil {
			return err
		}
	}
	return nil
}

// helsinkiDay is the calendar's day in the city, as places' marks have it.
func helsinkiDay(now time.Time) time.Time {
	zone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		zone = time.UTC
	}
	year, month, day := now.In(zone).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// endNow moves the end of the vote's time to this moment, and waits for it.
func (o *official) endNow(ctx context.Context) error {
	var r api.Round
	if _, err := o.insist(ctx, http.MethodGet, o.path(""), nil, &r); err != nil {
		return err
	}
	r.Times.Voting.Closes = r.Now.Add(time.Second).UTC()
	if _, err := o.insist(ctx, http.MethodPut, o.path("/times"), api.TimesChange{
		Times: r.Times, Version: r.Versions.Times, Reason: "rehearsal",
	}, &r); err != nil {
		return err
	}
	for r.Now.Before(r.Times.Voting.Closes) {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(r.Times.Voting.Closes.Sub(r.Now)):
		}
		if _, err := o.insist(ctx, http.MethodGet, o.path(""), nil, &r); err != nil {
			return err
		}
	}
	return nil
}

// keyTwice has a batch keyed in by two people, the first of whom errs, lets her
// key again what they differ in, and puts it into the log.
func (r *Rehearsal) keyTwice(ctx context.Context, second client, batch string, sheets []sheet, p *PaperReport) error {
	var first, other, again strings.Builder
	wrong := map[string]bool{} // serials on which they differ
	for i, s := range sheets {
		if s.reason != "" {
			p.Doubtful++
		}
		if i%oneInTen != oneInTen/2 {
			first.WriteString(s.row())
			continue
		}
		p.Seeded++
		again.WriteString(s.row())
		wrong[plain(s.serial)] = true
		if err := misread(&first, s, p.Seeded, wrong); err != nil {
			return err
		}
	}
	for _, s := range slices.Backward(sheets) { // she begins at the bottom of the stack
		other.WriteString(s.row())
	}
	var report api.KeyingReport
	for _, by := range []struct {
		client
		rows string
	}{{r.office.client, first.String()}, {second, other.String()}} {
		if err := r.handIn(ctx, by.client, batch, by.rows, &report); err != nil {
			return err
		}
	}
	seeded := len(wrong)
	for _, d := range report.Differences {
		delete(wrong, d.Serial)
	}
	if len(wrong) > 0 || len(report.Differences) != seeded {
		return fmt.Errorf("they differ on %d sheets, but the comparison shows %d, and not %d of them", seeded,
			len(report.Differences), len(wrong))
	}
	if again.Len() > 0 {
		if err := r.handIn(ctx, r.office.client, batch, again.String(), &report); err != nil {
			return err
		}
		p.Found += strings.Count(again.String(), "\n")
	}
	var leave api.SealingLeave
	if _, err := r.office.insist(ctx, http.MethodPost, r.office.path("/batches/"+batch+"/sealing"), nil,
		&leave); err != nil {
		return err
	}
	why := "The marks of all batches stand with the first one."
	_, err := r.boxed().insist(ctx, http.MethodPost, r.box(batch, "seal"), api.BatchSealing{
		Capability: leave.Capability, Confirm: true, Explanation: &why,
	}, &report)
	if err == nil && !report.Done {
		err = fmt.Errorf("not put into the log: %+v", report)
	}
	return err
}

// misread keys a sheet in wrongly, in one of several ways.
func misread(to *strings.Builder, s sheet, way int, wrong map[string]bool) error {
	switch n := len(s.vote.Choices); {
	case way%3 == 0: // overlooked
	case way%3 == 1 || n == 0: // misread
		serial, err := domain.DrawCode(crand.Reader, 2)
		if err != nil {
			return err
		}
		s.serial = serial
		wrong[plain(serial)] = true
		to.WriteString(s.row())
	default: // taken for unreadable
		s.vote.Choices, s.vote.Points, s.reason = nil, nil, "unreadable"
		to.WriteString(s.row())
	}
	return nil
}

func plain(serial string) string { return strings.ReplaceAll(serial, "-", "") }

// boxed speaks to the box, which knows nobody.
func (r *Rehearsal) boxed() client { return client{http: r.place.box, url: r.URL} }

func (r *Rehearsal) box(batch, what string) string {
	return "/box/v1/rounds/" + r.Round + "/batches/" + batch + "/" + what
}

// handIn hands in what one person keyed in.
func (r *Rehearsal) handIn(ctx context.Context, by client, batch, rows string, report *api.KeyingReport) error {
	var leave api.KeyingLeave
	if _, err := by.insist(ctx, http.MethodPost, r.office.path("/batches/"+batch+"/keying"), nil, &leave); err != nil {
		return err
	}
	*report = api.KeyingReport{}
	_, err := r.boxed().insist(ctx, http.MethodPost, r.box(batch, "sheets"), api.KeyedBatch{
		Capability: leave.Capability, Confirm: true, File: encode([]byte("serial;numbers;reason\n" + rows)),
	}, report)
	if err == nil && !report.Done {
		err = fmt.Errorf("not handed in: %+v", report.Faults)
	}
	return err
}
