package record

import (
	"context"
	"encoding/hex"
	"io"
	"slices"
	"time"

	"osbu/domain"
	"osbu/domain/ballot"
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
func (t taking) freeze(ctx context.Context) (round.At, error) {
	logKey, err := t.Gate.Prepare(ctx, t.round)
	if err != nil {
		return round.At{}, err
	}
	seed := make([]byte, 32)
	if _, err := io.ReadFull(t.Rand, seed); err != nil {
		return round.At{}, err
	}
	state, err := t.Office.State(ctx, t.round)
	if err != nil {
		return round.At{}, err
	}
	if state.Round.Phase != round.Frozen {
		made := secrets{logKey: logKey, seed: seed}
		// Making RSA keys takes its time, so not under the round's lock.
		sealer, err := t.Wrapping.Make(t.round)
		if err != nil {
			return round.At{}, err
		}
		if made.issuers, err = roll.NewIssuers(t.Rand, sealer, t.round, paperIDs(state.Round)); err != nil {
			return round.At{}, err
		}
		if made.opening, err = ballot.GenerateOpeningKey(); err != nil {
			return round.At{}, err
		}
		_, err = t.Office.FreezeRound(
			ctx,
			t.round,
			func(st State) (Frozen, error) { return t.frozen(st, made) },
		)
		if err != nil && !taken(err) {
			return round.At{}, err
		}
	}
	return t.install(ctx)
}

// secrets are what a freeze makes anew.
type secrets struct {
	logKey  string
	seed    []byte
	issuers []roll.Issuer
	opening ballot.OpeningKey // used where the service keeps the key
}

// frozen decides under the round's lock.
func (t taking) frozen(st State, made secrets) (Frozen, error) {
	if st.Round.Phase == round.Frozen {
		return Frozen{}, errTaken
	}
	if err := inOrder(st.Round, t.Step); err != nil {
		return Frozen{}, err
	}
	if err := t.seconded(st.Round); err != nil {
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
	if err := t.worded(st.missing(t.Step)); err != nil {
		return Frozen{}, err
	}
	if !slices.EqualFunc(made.issuers, paperIDs(st.Round), func(i roll.Issuer, id string) bool { return i.Paper == id }) {
		return Frozen{}, domain.Fail(domain.Busy, domain.CodeBusy, "the papers changed at this moment; try again")
	}
	m := t.manifest(st, made)
	opening, err := t.seal(&m, st.Round.Settings.Sealing, made.opening)
	if err != nil {
		return Frozen{}, err
	}
	text, err := m.Encode()
	if err != nil {
		return Frozen{}, err
	}
	entry, err := t.entry(map[string]any{
		"decision": t.Decision, "manifest": digest(text), "projects": len(m.Projects), "rights": st.Rights, "codes": st.Codes,
		"lot_commitment": m.LotCommitment,
		"accepted":       t.Accepted,
		"missing":        st.missing(t.Step),
	})
	return Frozen{
		Manifest: text,
		Lot:      t.Sealer.Seal(made.seed, lotContext(t.round)),
		Opening:  opening,
		Issuers:  made.issuers,
		Decision: t.Decision,
		Entry:    entry,
	}, err
}

// manifest writes times with the city's offset, so that their dates are the
// city's for whoever reads them.
func (t taking) manifest(st State, made secrets) round.Manifest {
	r := st.Round
	m := round.Manifest{
		Format: round.ManifestFormat, Round: r.ID, Name: r.Name, Decision: t.Decision, Rehearsal: r.Rehearsal,
		Opens:       r.Times.Voting.Opens.In(t.TimeZone),
		Closes:      r.Times.Voting.Closes.In(t.TimeZone),
		PromisedBy:  r.Times.Voting.Closes.Add(promiseMargin).In(t.TimeZone),
		Eligibility: r.Settings.Eligibility, LotCommitment: round.Commit(made.seed), LogKey: made.logKey,
		Conflicts:    st.Conflicts,
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
				Issuer: made.issuers[i].Public,
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

// seal writes into a manifest how ballots are sealed: for the key that the
// trustees made, or for one that the service keeps. That one's private half it
// gives, sealed.
func (t taking) seal(m *round.Manifest, s round.Sealing, own ballot.OpeningKey) (kept []byte, err error) {
	key := t.SealingKey
	switch {
	case len(key) > 0 && (!s.On() || s.Kept()):
		return nil, domain.Problems{{Path: "sealing_key", Code: "not_allowed"}}.Err()
	case !s.On():
		return nil, nil
	case s.Kept():
		private, err := own.Bytes()
		if err != nil {
			return nil, err
		}
		key, kept = own.Public(), t.Sealer.Seal(private, openingContext(t.round))
	case len(key) == 0:
		return nil, domain.Problems{{Path: "sealing_key", Code: "required"}}.Err()
	default:
		if err := t.tried(); err != nil {
			return nil, err
		}
	}
	m.Sealing = &round.ManifestSealing{Key: key, Trustees: s.Trustees, Needed: s.Needed}
	for i := range m.Papers {
		m.Papers[i].Padded = m.LongestBallot(m.Papers[i])
	}
	return kept, m.CheckSealing()
}

func openingContext(id string) string { return "opening key of " + id }

// opening is the key to the ballots: the one that the trustees gave, or that
// the service kept; nil if they are not sealed.
func (t taking) opening(frozen Frozen, m round.Manifest) (*ballot.OpeningKey, error) {
	private := t.OpeningKey
	switch {
	case m.Sealing == nil:
	case frozen.Opening != nil:
		var err error
		if private, err = t.Sealer.Unseal(frozen.Opening, openingContext(t.round)); err != nil {
			return nil, err
		}
	case len(private) == 0:
		return nil, domain.Problems{{Path: "opening_key", Code: "required"}}.Err()
	}
	return openingOf(m, private)
}

// install gives the box the manifest that the office keeps.
func (t taking) install(ctx context.Context) (round.At, error) {
	frozen, err := t.Office.Frozen(ctx, t.round)
	if err != nil {
		return round.At{}, err
	}
	if err := t.Gate.Install(ctx, t.round, frozen.Manifest); err != nil {
		return round.At{}, err
	}
	return t.Office.Round(ctx, t.round)
}

// open lets ballots in from the opening time on: first the box, so that no
// credential is issued before its ballot could be cast. A crash between the two
// leaves a box that will open and a round still frozen: the step is taken
// again, and the box told the same again.
func (t taking) open(ctx context.Context) (round.At, error) {
	r, err := t.install(ctx)
	if err != nil {
		return round.At{}, err
	}
	if r.Phase == round.Frozen {
		st := State{Round: r.Round}
		if st.OneCluster, err = t.mustPart(ctx, r.Round); err != nil {
			return round.At{}, err
		}
		if b := st.blockers(t.Step); len(b) > 0 {
			return round.At{}, blocked(b...)
		}
	}
	told := r.Times.Voting
	if err := t.Gate.Open(ctx, t.round, told.Opens, told.Closes); err != nil {
		return round.At{}, err
	}
	r, err = t.finish(
		ctx,
		func() (round.At, error) { return t.Office.UpdateRound(ctx, t.round, t.change(nil, nil)) },
	)
	if err == nil &&
		!r.Times.Voting.Equal(told) { // a colleague moved them meanwhile, and did not find a vote whose box to tell
		err = t.Gate.Open(ctx, t.round, r.Times.Voting.Opens, r.Times.Voting.Closes)
	}
	return r, err
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
