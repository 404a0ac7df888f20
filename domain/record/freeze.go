package record

import (
	"context"
	"encoding/hex"
	"io"
	"slices"
	"time"

	"osbu/domain"
	"osbu/domain/roll"
	"osbu/domain/round"
)

// promiseMargin is how long after the planned close every ballot must be in the
// log. The close may be moved so far, too, and no further.
const promiseMargin = 7 * 24 * time.Hour

// freeze makes the ballot unchangeable: keys, lot, manifest. The box's log key
// comes first because the manifest names it; then one transaction of the
// office; then the box signs and keeps the manifest. A crash before the last
// leaves a frozen round without a manifest in the box: taking the step again,
// or opening, installs the office's copy.
func (t taking) freeze(ctx context.Context) (round.Round, time.Time, error) {
	logKey, err := t.Gate.Prepare(ctx, t.round)
	if err != nil {
		return round.Round{}, time.Time{}, err
	}
	seed := make([]byte, 32)
	if _, err := io.ReadFull(t.Rand, seed); err != nil {
		return round.Round{}, time.Time{}, err
	}
	state, err := t.Office.State(ctx, t.round)
	if err != nil {
		return round.Round{}, time.Time{}, err
	}
	if state.Round.Phase != round.Frozen {
		// Making RSA keys takes its time, so not under the round's lock.
		issuers, err := roll.NewIssuers(t.Rand, t.Sealer, t.round, paperIDs(state.Round))
		if err != nil {
			return round.Round{}, time.Time{}, err
		}
		_, _, err = t.Office.FreezeRound(
			ctx,
			t.round,
			func(st State) (Frozen, error) { return t.frozen(st, logKey, seed, issuers) },
		)
		if err != nil && !taken(err) {
			return round.Round{}, time.Time{}, err
		}
	}
	return t.install(ctx)
}

// frozen decides under the round's lock.
func (t taking) frozen(st State, logKey string, seed []byte, issuers []roll.Issuer) (Frozen, error) {
	if st.Round.Phase == round.Frozen {
		return Frozen{}, errTaken
	}
	if err := inOrder(st.Round, t.Step); err != nil {
		return Frozen{}, err
	}
	if err := round.Since(t.Version, st.facts(t.Step, nil), round.CodeStepChanged); err != nil {
		return Frozen{}, err
	}
	if b := st.blockers(t.Step); len(b) > 0 {
		return Frozen{}, blocked(b...)
	}
	if err := t.accepts(st.warnings(t.Step)); err != nil {
		return Frozen{}, err
	}
	if !slices.EqualFunc(issuers, paperIDs(st.Round), func(i roll.Issuer, id string) bool { return i.Paper == id }) {
		return Frozen{}, domain.Fail(domain.Busy, domain.CodeBusy, "the papers changed at this moment; try again")
	}
	m := t.manifest(st, logKey, seed, issuers)
	text, err := m.Encode()
	if err != nil {
		return Frozen{}, err
	}
	entry, err := t.entry(map[string]any{
		"decision": t.Decision, "manifest": digest(text), "projects": len(m.Projects), "rights": st.Rights,
		"lot_commitment": m.LotCommitment,
		"accepted":       t.Accepted,
	})
	return Frozen{
		Manifest: text,
		Lot:      t.Sealer.Seal(seed, lotContext(t.round)),
		Issuers:  issuers,
		Decision: t.Decision,
		Entry:    entry,
	}, err
}

// manifest writes times with the city's offset, so that their dates are the
// city's for whoever reads them.
func (t taking) manifest(st State, logKey string, seed []byte, issuers []roll.Issuer) round.Manifest {
	r := st.Round
	m := round.Manifest{
		Format: round.ManifestFormat, Round: r.ID, Name: r.Name, Decision: t.Decision, Rehearsal: r.Rehearsal,
		Opens: r.Times.Voting.Opens.In(
			t.TimeZone,
		), Closes: r.Times.Voting.Closes.In(t.TimeZone), PromisedBy: r.Times.Voting.Closes.Add(promiseMargin).In(t.TimeZone),
		Eligibility: r.Settings.Eligibility, LotCommitment: round.Commit(seed), LogKey: logKey, Conflicts: st.Conflicts,
		OpeningsFrom: r.Settings.OpeningsFrom, ReservedCost: "maximum",
	}
	if r.Settings.ReserveMaintenance {
		m.ReservedCost = "maximum+maintenance"
	}
	for _, w := range sorted(t.Witnesses) {
		m.Witnesses = append(m.Witnesses, w.Key)
	}
	for _, a := range r.Settings.Areas {
		m.Areas = append(m.Areas, round.ManifestArea{ID: a.ID, Name: a.Name, Pot: a.Pot, Rule: r.Settings.RuleOf(a)})
	}
	for i, p := range r.Settings.Papers {
		m.Papers = append(
			m.Papers,
			round.ManifestPaper{
				ID:     p.ID,
				Name:   p.Name,
				Areas:  p.Areas,
				Form:   p.Form,
				Rights: st.Rights[p.ID],
				Issuer: issuers[i].Public,
			},
		)
	}
	for _, p := range st.Projects {
		m.Projects = append(
			m.Projects,
			round.ManifestProject{Number: p.Number, Area: p.Area, Title: p.Title, Cost: p.Cost},
		)
	}
	return m
}

// install gives the box the manifest that the office keeps.
func (t taking) install(ctx context.Context) (round.Round, time.Time, error) {
	frozen, err := t.Office.Frozen(ctx, t.round)
	if err != nil {
		return round.Round{}, time.Time{}, err
	}
	if err := t.Gate.Install(ctx, t.round, frozen.Manifest); err != nil {
		return round.Round{}, time.Time{}, err
	}
	return t.Office.Round(ctx, t.round)
}

// open lets ballots in from the opening time on: first the box, so that no
// credential is issued before its ballot could be cast. A crash between the two
// leaves a box that will open and a round still frozen: the step is taken
// again, and the box told the same again.
func (t taking) open(ctx context.Context) (round.Round, time.Time, error) {
	r, _, err := t.install(ctx)
	if err != nil {
		return round.Round{}, time.Time{}, err
	}
	told := r.Times.Voting
	if err := t.Gate.Open(ctx, t.round, told.Opens, told.Closes); err != nil {
		return round.Round{}, time.Time{}, err
	}
	r, now, err := t.finish(
		ctx,
		func() (round.Round, time.Time, error) { return t.Office.UpdateRound(ctx, t.round, t.change(nil, nil)) },
	)
	if err == nil &&
		!r.Times.Voting.Equal(told) { // a colleague moved them meanwhile, and did not find a vote whose box to tell
		err = t.Gate.Open(ctx, t.round, r.Times.Voting.Opens, r.Times.Voting.Closes)
	}
	return r, now, err
}

func paperIDs(r round.Round) []string {
	ids := make([]string, len(r.Settings.Papers))
	for i, p := range r.Settings.Papers {
		ids[i] = p.ID
	}
	return ids
}

func lotContext(id string) string { return "lot of " + id }

// seed unseals the lot's seed and checks it against what the manifest committed
// to. It is given to the rule in hex.
func (t taking) seed(frozen Frozen, m round.Manifest) (string, error) {
	seed, err := t.Sealer.Unseal(frozen.Lot, lotContext(t.round))
	if err != nil {
		return "", err
	}
	if round.Commit(seed) != m.LotCommitment {
		return "", domain.Fail(
			domain.Internal,
			domain.CodeInvalid,
			"the lot's seed is not the one that the manifest committed to",
		)
	}
	return hex.EncodeToString(seed), nil
}
