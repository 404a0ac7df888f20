package record

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"osbu/domain"
	"osbu/domain/ballot"
	"osbu/domain/pabulib"
	"osbu/domain/round"
	"osbu/domain/tally"
)

// close drains and shuts the box first, so that nothing can come in any more,
// then moves the office's phase and destroys the issuer keys. A crash between
// the two leaves a closed box and a round that is still voting: the step is
// taken again, and closing a closed box changes nothing. Nothing closes it
// while a batch of paper is open.
func (t taking) close(ctx context.Context) (round.At, error) {
	state, err := t.Office.State(ctx, t.round)
	if err != nil {
		return round.At{}, err
	}
	if err := t.settle(ctx, state); err != nil {
		return round.At{}, err
	}
	if err := t.Gate.Close(ctx, t.round); err != nil {
		return round.At{}, err
	}
	defer t.Closed(t.round)
	return t.finish(
		ctx,
		func() (round.At, error) { return t.Office.CloseRound(ctx, t.round, t.closed) },
	)
}

// settle sees to it that the batches answer for exactly those rights that were
// spent on paper, and that this stays so: what is in the way is looked for once
// while places work on, and then again when none can mark a right or take a
// mark back. If something is in the way then, places work on. A crash leaves
// them stopped, for the box may be closed: until the step is taken again.
func (t taking) settle(ctx context.Context, before State) (err error) {
	if before.Round.Phase != round.Voting {
		return t.begin(ctx)
	}
	if err := t.clear(ctx, &before); err != nil {
		return err
	}
	stopped, err := t.Office.StopPaper(ctx, t.round)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil && stopped { // also if the request has ended
			if more := t.Office.ResumePaper(context.WithoutCancel(ctx), t.round); more != nil {
				err = errors.Join(err, more)
			}
		}
	}()
	state, err := t.Office.State(ctx, t.round)
	if err != nil {
		return err
	}
	if err := t.clear(ctx, &state); err != nil {
		return err
	}
	if err := t.account(ctx, state); err != nil {
		return err
	}
	return t.begin(ctx)
}

// clear is nil if nothing is in the way of the close.
func (t taking) clear(ctx context.Context, st *State) (err error) {
	if st.Batches, err = t.Box.PaperBatches(ctx, t.round); err != nil {
		return err
	}
	if b := st.inTheWay(t.Step, t.Reason); len(b) > 0 {
		return blocked(b...)
	}
	return nil
}

// closed is the close under the round's lock. If it comes before its time, the
// round's times say when it really was.
func (t taking) closed(r *round.Round, now time.Time) (round.Entry, error) {
	planned := r.Times
	if r.Times.Voting.Has(now) && now.After(r.Times.Voting.Opens) {
		r.Times.Voting.Closes = now
	}
	if err := t.move(r); err != nil {
		return round.Entry{}, err
	}
	return t.entry(map[string]any{"changes": round.Changes(planned.Facts(), r.Times.Facts())})
}

// count counts every area's ballots as a .pb file has them, and writes that
// file, so that the outcome is an outcome of exactly what is published.
func (t taking) count(ctx context.Context) (round.At, error) {
	state, err := t.Office.State(ctx, t.round)
	if err != nil {
		return round.At{}, err
	}
	frozen, err := t.Office.Frozen(ctx, t.round)
	if err != nil {
		return round.At{}, err
	}
	m, err := round.DecodeManifest(frozen.Manifest)
	if err != nil {
		return round.At{}, err
	}
	seed, err := t.seed(frozen, m)
	if err != nil {
		return round.At{}, err
	}
	if state.Round.Phase == t.Step.Into() {
		return round.At{Round: state.Round, Now: state.Now}, nil
	}
	key, err := t.opening(frozen, m)
	if err != nil {
		return round.At{}, err
	}
	cast, opened, err := t.collect(ctx, newOpener(m, key), state.Spent)
	if err != nil {
		return round.At{}, err
	}
	withdrawn := map[int]bool{}
	for _, p := range state.Projects {
		withdrawn[p.Number] = p.Withdrawn
	}
	outcomes := make([]Outcome, 0, len(m.Areas))
	digests := map[string]string{}
	for _, a := range m.Areas {
		o, err := countArea(ctx, m, a, cast[a.ID], withdrawn, seed)
		if err != nil {
			return round.At{}, fmt.Errorf("count %s: %w", a.ID, err)
		}
		outcomes = append(outcomes, o)
		if !withholds(m.OpeningsFrom, o.Ballots) { // the record tells what the step says, and few ballots could be guessed
			digests[a.ID] = o.Digest()
		}
	}
	details := map[string]any{"inputs": digests}
	if key != nil {
		details["void"] = opened.Void
	}
	change := t.change(details, nil)
	return t.finish(
		ctx,
		func() (round.At, error) {
			return t.Office.CountRound(ctx, t.round, outcomes, opened, change)
		},
	)
}

// collect opens the ballots, sorts their choices by area and checks each ballot
// again. Of several ballots under one key the one with the highest seq counts;
// if that is void none does; every sheet of paper counts. More ballots than
// credentials on any paper, or more sheets than rights that were marked as
// spent on paper, stop the count.
func (t taking) collect(
	ctx context.Context,
	o opener,
	spent map[string]Spent,
) (cast map[string]areaVotes, opened Opened, err error) {
	type last struct {
		seq    int
		paper  string
		ballot ballot.Ballot
		void   ballot.Void
	}
	counted, sheets := map[[32]byte]last{}, map[string]int{}
	cast = map[string]areaVotes{}
	err = o.each(ctx, t.Box, t.round, func(b *readBallot) error {
		if o.key == nil || b.OnPaper() {
			if _, why := o.judge(b.Paper, b.Entry.Ballot); why != "" {
				return domain.Fail(domain.Internal, ballot.CodeInvalid, "a ballot in the box does not count: %s", why)
			}
		}
		if b.OnPaper() {
			sheets[b.Paper]++
			cast[b.ballot.Area] = cast[b.ballot.Area].with(b.ballot.Vote, true)
			return nil
		}
		if b.Seq > counted[b.Nullifier].seq {
			counted[b.Nullifier] = last{b.Seq, b.Paper, b.ballot, b.void}
		}
		return nil
	})
	if err != nil {
		return nil, opened, err
	}
	if o.key != nil {
		opened.Void = Voids{}
		if opened.Key, err = o.key.Bytes(); err != nil {
			return nil, opened, err
		}
	}
	byPaper := map[string]int{}
	for _, c := range counted {
		byPaper[c.paper]++
		if c.void != "" {
			opened.Void.add(c.paper, c.void)
		} else {
			cast[c.ballot.Area] = cast[c.ballot.Area].with(c.ballot.Vote, false)
		}
	}
	for paper, n := range byPaper {
		if n > spent[paper].Credentials() {
			return nil, opened, blocked(Finding[Blocker]{Code: Stuffed})
		}
	}
	for paper, n := range sheets {
		if n > spent[paper].OnPaper {
			return nil, opened, blocked(Finding[Blocker]{Code: Stuffed})
		}
	}
	return cast, opened, nil
}

// areaVotes are what an area's ballots that count say, by how they were cast.
type areaVotes struct{ online, paper []ballot.Vote }

func (v areaVotes) with(one ballot.Vote, onPaper bool) areaVotes {
	if onPaper {
		v.paper = append(v.paper, one)
	} else {
		v.online = append(v.online, one)
	}
	return v
}

// all are those of both ways.
func (v areaVotes) all() []ballot.Vote { return slices.Concat(v.online, v.paper) }

// methodTold tells whether an area's file says of each ballot how it was cast:
// if some were on paper, and neither way has so few that single ballots are
// withheld.
func (v areaVotes) methodTold(openingsFrom int) bool {
	return len(v.paper) > 0 && !withholds(openingsFrom, len(v.paper)) && !withholds(openingsFrom, len(v.online))
}

func countArea(
	ctx context.Context,
	m round.Manifest,
	a round.ManifestArea,
	cast areaVotes,
	withdrawn map[int]bool,
	seed string,
) (Outcome, error) {
	rule, err := countingRule(a.Rule, paperOf(m, a.ID).Form, m.Conflicts, m.Costs(a.ID), seed)
	if err != nil {
		return Outcome{}, err
	}
	ballots := cast.all()
	o := Outcome{Area: a.ID, Ballots: len(ballots), Sheets: len(cast.paper), Seed: seed, Rule: a.Rule}
	for _, b := range ballots {
		if len(b.Choices) == 0 {
			o.Blank++
		}
	}
	file := areaFile(m, a, cast, withdrawn)
	in, err := file.Instance()
	if err != nil {
		return Outcome{}, err
	}
	if o.Result, err = tally.Run(ctx, rule, in); err != nil {
		return Outcome{}, err
	}
	fillIn(file, m, a, o)
	var input bytes.Buffer
	if err := pabulib.Write(&input, file); err != nil {
		return Outcome{}, err
	}
	o.Input = input.Bytes()
	return o, nil
}

// countingRule is a round's rule as the tally knows it, for the area of these
// projects: ties by lowest cost, most votes, the lot, then the project's number
// as text. Of a conflict only the area's own projects count, and only if the
// rule respects conflicts. Rankings are counted by place, so that whoever ranks
// one project gives it as much as anybody's first.
func countingRule(
	r round.Rule,
	form ballot.Form,
	conflicts []round.ManifestConflict,
	projects map[int]domain.Cents,
	seed string,
) (tally.Rule, error) {
	rule := tally.Rule{
		Method: tally.Method(r.Rule), Utility: tally.Utility(r.Utility), Completion: tally.Completion(r.Completion),
		Comparison: tally.Comparison(r.Comparison), Ties: tally.DefaultTies(), Seed: seed,
	}
	if rule.Method == tally.GreedyThreshold {
		rule.Threshold = &tally.Threshold{
			Score: tally.Int(int64(r.Threshold)),
			Share: tally.Frac(int64(r.ThresholdPercent), 100),
		}
	}
	groups := r.Exclusive
	if r.RespectConflicts {
		for _, c := range conflicts {
			groups = append(groups[:len(groups):len(groups)], c.Projects)
		}
	}
	for _, group := range groups {
		var ids []string
		for _, n := range group {
			if _, here := projects[n]; here {
				ids = append(ids, strconv.Itoa(n))
			}
		}
		if len(ids) > 1 {
			rule.Exclusive = append(rule.Exclusive, ids)
		}
	}
	if form.Kind == ballot.Ranking && rule.Utility == "" {
		rule.Utility = tally.Rank
	}
	return rule.Complete(tallied(form))
}

// tallied is a form in the tally's words, which are Pabulib's, too.
func tallied(form ballot.Form) tally.Form {
	switch form.Kind {
	case ballot.Points:
		return tally.Cumulative
	case ballot.Ranking:
		return tally.Ordinal
	default:
		return tally.Approval
	}
}

// areaFile is an area's ballots as a Pabulib file: projects by number, ballots
// sorted by what they say and numbered in that order, so that nothing of the
// order of casting is left. The format takes no ballot without a choice: how
// many there are stands in the comment. What follows from the count is filled
// in afterwards.
func areaFile(m round.Manifest, a round.ManifestArea, cast areaVotes, withdrawn map[int]bool) *pabulib.File {
	ballots, methods := byMethod(cast)
	blank := 0
	for blank < len(ballots) && len(ballots[blank].Choices) == 0 {
		blank++
	}
	f := &pabulib.File{ProjectColumns: []string{"votes", "name", pabulib.SelectedColumn}}
	form := paperOf(m, a.ID).Form
	scored := form.Kind == ballot.Points // of rankings the checker's score is another than ours
	if scored {
		f.ProjectColumns = slices.Insert(f.ProjectColumns, 1, "score")
	}
	if cast.methodTold(m.OpeningsFrom) {
		f.VoteColumns = []string{"voting_method"}
	}
	index := map[int]int32{}
	var gone []string
	for _, p := range m.Projects {
		if p.Area == a.ID {
			index[p.Number] = int32(len(index)) //nolint:gosec // a round has hundreds of projects
			f.Projects = append(
				f.Projects,
				pabulib.Project{
					ID:    strconv.Itoa(p.Number),
					Cost:  euros(p.Cost),
					Extra: []string{"", oneLine(p.Title.In(domain.Finnish)), "0"},
				},
			)
			if withdrawn[p.Number] {
				gone = append(gone, strconv.Itoa(p.Number))
			}
		}
	}
	votes, score := make([]int, len(f.Projects)), make([]int, len(f.Projects))
	for i, b := range ballots[blank:] {
		v := pabulib.Vote{Voter: strconv.Itoa(i + 1), Picks: make([]int32, len(b.Choices))}
		b = falling(b)
		for j, c := range b.Choices {
			v.Picks[j] = index[c]
			votes[index[c]]++
			if scored {
				v.Points = append(v.Points, int64(b.Points[j]))
				score[index[c]] += b.Points[j]
			}
		}
		if len(f.VoteColumns) > 0 {
			v.Extra = []string{methods[blank+i]}
		}
		f.Votes = append(f.Votes, v)
	}
	for i := range f.Projects {
		extra := &f.Projects[i].Extra
		if (*extra)[0] = strconv.Itoa(votes[i]); scored {
			*extra = slices.Insert(*extra, 1, strconv.Itoa(score[i]))
		}
	}
	f.Meta = areaMeta(m, a, len(f.Projects), len(f.Votes), len(ballots))
	var remarks []string
	if blank > 0 {
		remarks = append(remarks, pabulib.BlankRemark(blank))
	}
	if len(gone) > 0 {
		remarks = append(remarks, pabulib.WithdrawnRemark(gone))
	}
	if m.ReservedCost == "maximum+maintenance" {
		remarks = append(remarks, "Costs include a year of maintenance.")
	}
	f.Meta = append(f.Meta, pabulib.Entry{Key: pabulib.CommentKey, Value: pabulib.Comment(remarks)})
	return f
}

// byMethod are votes in the order of an area's file, and Pabulib's words for
// how they were cast; of equal votes those on paper come last.
func byMethod(cast areaVotes) (ballots []ballot.Vote, methods []string) {
	type one struct {
		ballot.Vote
		method string
	}
	all := make([]one, 0, len(cast.online)+len(cast.paper))
	for _, v := range cast.online {
		all = append(all, one{v, "internet"})
	}
	for _, v := range cast.paper {
		all = append(all, one{v, "paper"})
	}
	slices.SortStableFunc(all, func(a, b one) int { return a.Compare(b.Vote) })
	for _, v := range all {
		ballots, methods = append(ballots, v.Vote), append(methods, v.method)
	}
	return ballots, methods
}

// areaMeta is META of an area's file, in the order that Pabulib's checker
// wants.
func areaMeta(m round.Manifest, a round.ManifestArea, projects, votes, ballots int) []pabulib.Entry {
	form := paperOf(m, a.ID).Form
	fewest := form.Min
	if form.TakesBlank() {
		fewest = 0
	}
	meta := []pabulib.Entry{
		{Key: "description", Value: oneLine(m.Name.Fi + ", " + a.Name.Fi)},
		{Key: "country", Value: "Finland"},
		{Key: "unit", Value: oneLine(m.Round)},
		{Key: "subunit", Value: a.ID},
		{Key: "instance", Value: strconv.Itoa(m.Opens.Year())},
		{Key: "num_projects", Value: strconv.Itoa(projects)},
		{Key: "num_votes", Value: strconv.Itoa(votes)},
		{Key: "budget", Value: a.Pot.String()},
		{Key: "vote_type", Value: string(tallied(form))},
		{Key: "rule", Value: "unknown"},
		{Key: "date_begin", Value: day(m.Opens)},
		{Key: "date_end", Value: day(m.Closes)},
		{Key: "min_length", Value: strconv.Itoa(fewest)},
		{Key: "max_length", Value: strconv.Itoa(min(form.Max, projects))},
	}
	if form.Kind == ballot.Points {
		meta = append(meta,
			pabulib.Entry{Key: "max_points", Value: strconv.Itoa(form.PointsEach)})
		if form.PointsAll {
			meta = append(meta, pabulib.Entry{Key: "min_sum_points", Value: strconv.Itoa(form.Points)})
		}
		meta = append(meta, pabulib.Entry{Key: "max_sum_points", Value: strconv.Itoa(form.Points)})
	}
	if form.Kind == ballot.Knapsack {
		meta = append(meta, pabulib.Entry{Key: "max_sum_cost", Value: a.Pot.String()})
	}
	if a.Rule.Rule == string(tally.GreedyThreshold) && form.Kind != ballot.Ranking { // see ruleRemark
		meta = append(meta, pabulib.Entry{
			Key:   "min_project_score_threshold",
			Value: strconv.Itoa(max(a.Rule.Threshold, leastVotes(a.Rule.ThresholdPercent, ballots))),
		})
	}
	return append(meta, pabulib.Entry{Key: "currency", Value: "EUR"})
}

// falling is a vote with its points from the most to the fewest, equal ones by
// number, as Pabulib's files have them; others as they are.
func falling(v ballot.Vote) ballot.Vote {
	if v.Kind != ballot.Points {
		return v
	}
	order := make([]int, len(v.Choices))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return v.Points[b] - v.Points[a] })
	sorted := ballot.Vote{Kind: v.Kind}
	for _, i := range order {
		sorted.Choices, sorted.Points = append(sorted.Choices, v.Choices[i]), append(sorted.Points, v.Points[i])
	}
	return sorted
}

// leastVotes is how many votes reach a percentage of the ballots.
func leastVotes(percent, ballots int) int { return (percent*ballots + 99) / 100 }

// paperOf is the paper that is filled in for an area: there is exactly one.
func paperOf(m round.Manifest, area string) round.ManifestPaper {
	i := slices.IndexFunc(m.Papers, func(p round.ManifestPaper) bool { return slices.Contains(p.Areas, area) })
	if i < 0 {
		return round.ManifestPaper{}
	}
	return m.Papers[i]
}

// euros is an amount in euros, exact.
func euros(c domain.Cents) tally.Number { return tally.Frac(int64(c), 100) }

// oneLine is a text without line breaks, which a .pb cell cannot hold.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// day is a moment's date in the city's calendar, whose offset the manifest's
// times have.
func day(moment time.Time) string { return moment.Format("02.01.2006") }

// Digest is the hex SHA-256 of the outcome's input.
func (o Outcome) Digest() string { return digest(o.Input) }

func digest(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
