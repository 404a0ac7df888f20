// Package round is one edition of participatory budgeting: what it consists of,
// its phases, and the manifest that freezes it.
package round

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"osbu/domain"
	"osbu/domain/ballot"
)

// Round is one edition, from proposals to delivery. Its ID is part of its
// address: lower-case letters, digits and hyphens.
type Round struct {
	ID       string
	Name     domain.Text
	Phase    Phase
	Times    Times
	Settings Settings
	// Rehearsal marks a trial with made-up voters; it is shown wherever the
	// round is.
	Rehearsal bool
	// FreezeDecision and ConfirmDecision are the numbers of the decisions, set
	// at those steps.
	FreezeDecision, ConfirmDecision string
	// CopiesDestroyed is the city's statement, set at the publication, that no
	// copy of both databases from during the vote is left; empty before, and of
	// rehearsals.
	CopiesDestroyed string
	// Source is the service that held the round; empty: this one did. Of another
	// one's there is what it told: no roll, no ballots, no record.
	Source Source
	// Asked is the step that an official asked another one to confirm; nil: none.
	Asked *Asked
}

// At is a round and the moment at which it is looked at or changed: whoever
// reads the one from a store takes the other from there, too, as all servers
// share the database's clock.
type At struct {
	Round
	Now time.Time
}

// Source is a service that holds rounds.
type Source string

// Decidim is the platform that many cities used before.
const Decidim Source = "decidim"

// Elsewhere tells whether another service held the round.
func (r Round) Elsewhere() bool { return r.Source != "" }

// Asked is a step that waits for a second official.
type Asked struct {
	Step    Step
	By      int64  // an account
	Name    string // as the account was called then
	At      time.Time
	Request []byte // what the step is to be taken with, as package record writes it
	// Begun: a second official has confirmed it, and what cannot be undone may
	// have been done. Nobody takes it back any more; taking it again finishes it.
	Begun bool
}

// NeedsSecond tells whether the step is confirmed by a second official.
func (r Round) NeedsSecond(step Step) bool {
	return r.Settings.FourEyes && slices.Contains([]Step{Freeze, Close, Confirm, Publish}, step)
}

// Window is open from Opens up to, and without, Closes.
type Window struct{ Opens, Closes time.Time }

// Has tells whether the moment lies in the window.
func (w Window) Has(t time.Time) bool { return !t.Before(w.Opens) && t.Before(w.Closes) }

// Times are the windows in which people may act; gaps between them are allowed.
// The database's clock decides.
type Times struct{ Proposing, Vetting, Voting Window }

// Settings are everything that the freeze makes unchangeable.
type Settings struct {
	Areas       []Area
	Papers      []Paper
	Rule        Rule
	Eligibility Eligibility
	// ReserveMaintenance makes the reserved cost maximum + yearly maintenance;
	// otherwise it is the maximum.
	ReserveMaintenance bool
	// FinalBallots: a confirmed ballot is final.
	FinalBallots bool
	// OpeningsFrom is how many ballots an area must have for its single ballots
	// to be published; with fewer they go to sworn auditors only. 0: always.
	OpeningsFrom int
	// Sealing says who can open the ballots at the close.
	Sealing Sealing
	Themes  []Theme
	// FourEyes: freezing, closing, confirming and publishing are asked for by one
	// official and confirmed by another.
	FourEyes bool
	// Languages are those that the ballot promises to be in, in the order of
	// AllLanguages; nil: all of them. In another one a reader is shown the text's
	// own language.
	Languages []domain.Language
}

// AllLanguages are those that a ballot may promise.
var AllLanguages = []domain.Language{domain.Finnish, domain.Swedish, domain.English}

// Promised are the languages that the ballot promises to be in.
func (s Settings) Promised() []domain.Language {
	if s.Languages == nil {
		return AllLanguages
	}
	return s.Languages
}

// Promise is what Settings.Languages says of these, in whatever order; nil if
// they are all there are.
func Promise(languages []domain.Language) []domain.Language {
	ordered := slices.Clone(languages)
	slices.SortStableFunc(ordered, func(a, b domain.Language) int {
		return cmp.Compare(slices.Index(AllLanguages, a), slices.Index(AllLanguages, b))
	})
	if languages == nil || slices.Equal(ordered, AllLanguages) {
		return nil
	}
	return ordered
}

func checkLanguages(p *domain.Problems, languages []domain.Language) {
	if languages != nil && len(languages) == 0 {
		p.Add("languages", "too_few", "1")
	}
	for i, l := range languages {
		at := "languages[" + strconv.Itoa(i) + "]"
		switch {
		case !slices.Contains(AllLanguages, l):
			p.Add(at, "unknown", "")
		case slices.Contains(languages[:i], l):
			p.Add(at, "duplicate", "")
		}
	}
}

// Sealing: until the close ballots are sealed, so that nobody, not whoever runs
// the box's database, reads a running count. Any Needed of Trustees, each of
// whom holds a share of the key, can open them. One of one: the service keeps
// the key. The zero value: ballots are not sealed.
type Sealing struct{ Trustees, Needed int }

// On tells whether ballots are sealed.
func (s Sealing) On() bool { return s.Trustees > 0 }

// Kept tells whether the service keeps the key itself.
func (s Sealing) Kept() bool { return s.Trustees == 1 }

// MostTrustees bounds Sealing.Trustees.
const MostTrustees = 15

func (s Sealing) faults(at string) (p domain.Problems) {
	if s.Trustees < 0 || s.Trustees > MostTrustees {
		p.Add(at+"trustees", "not_allowed", "0 to "+strconv.Itoa(MostTrustees))
	}
	// With one of several there would be no need for several to agree.
	least := min(s.Trustees, 2)
	if s.Needed < least || s.Needed > s.Trustees {
		p.Add(at+"needed", "not_allowed", strconv.Itoa(least)+" to "+strconv.Itoa(s.Trustees))
	}
	return p
}

// Area is where money is spent.
type Area struct {
	ID          string
	Name        domain.Text
	Pot         domain.Cents
	Population  int
	Citywide    bool
	PostalCodes []string // suggest this area to a voter, never bind her
	Rule        *Rule    // nil: the round's
}

// Paper is what one credential buys: one ballot in one of Areas.
type Paper struct {
	ID    string
	Name  domain.Text
	Areas []string
	Form  ballot.Form
}

// Rule is the counting rule by the names of osbu-tally's flags; empty fields
// are that rule's defaults.
type Rule struct {
	Rule       string `json:"rule"`
	Utility    string `json:"utility,omitempty"`
	Completion string `json:"completion,omitempty"`
	Comparison string `json:"comparison,omitempty"`
	// Threshold is in votes, ThresholdPercent in percent of the area's ballots;
	// greedy-threshold takes one of them.
	Threshold        int `json:"threshold,omitempty"`
	ThresholdPercent int `json:"threshold_percent,omitempty"`
	// Exclusive are groups of conflicting projects, by number: of each group
	// at most one is funded. A group counts in the area that its projects are
	// in.
	Exclusive [][]int `json:"exclusive,omitempty"`
	// RespectConflicts makes every conflict that is noted on the ballot such a
	// group, too.
	RespectConflicts bool `json:"respect_conflicts,omitempty"`
}

// FundsWithoutVotes tells whether the rule may spend what is left on projects
// that nobody voted for.
func (r Rule) FundsWithoutVotes() bool {
	switch r.Rule {
	case "greedy-threshold":
		return r.Threshold == 0 && r.ThresholdPercent == 0
	case "equal-shares":
		return r.Completion == "utilitarian" || r.Completion == "add1int-utilitarian" || r.Comparison != ""
	case "phragmen":
		return false
	}
	return true
}

// Eligibility says who may be on the roll's right side of the door.
type Eligibility struct {
	Age            int      `json:"age"`
	Moment         Moment   `json:"moment"`
	Municipalities []string `json:"municipalities"` // empty: whoever is on the roll
}

// Moment is when the age must have been reached.
type Moment string

// The moments.
const (
	AtVoting       Moment = "voting"        // at the moment of voting
	InCalendarYear Moment = "calendar-year" // some time in the calendar year in which the vote opens
)

// Theme sorts proposals.
type Theme struct {
	ID   string
	Name domain.Text
}

// ForRehearsal are the same settings where voters are made up: every ballot is
// published, and the service keeps the key of sealed ones.
func (s Settings) ForRehearsal() Settings {
	s.OpeningsFrom = 0
	if s.Sealing.On() {
		s.Sealing = Sealing{Trustees: 1, Needed: 1}
	}
	return s
}

// afterRehearsal are a rehearsal's settings where real people vote: what
// ForRehearsal loosens protects them again.
func (s Settings) afterRehearsal() Settings {
	if s.OpeningsFrom == 0 {
		s.OpeningsFrom = usualOpenings
	}
	if s.Sealing.On() && s.Sealing.Trustees == 1 {
		s.Sealing = usualSealing
	}
	return s
}

// forAnother are the settings without what names projects of their round.
func (s Settings) forAnother() Settings {
	s.Rule.Exclusive = nil
	s.Areas = slices.Clone(s.Areas)
	for i, a := range s.Areas {
		if a.Rule != nil {
			rule := *a.Rule
			rule.Exclusive = nil
			s.Areas[i].Rule = &rule
		}
	}
	return s
}

// Area finds an area by its ID.
func (s Settings) Area(id string) (Area, bool) {
	i := slices.IndexFunc(s.Areas, func(a Area) bool { return a.ID == id })
	if i < 0 {
		return Area{}, false
	}
	return s.Areas[i], true
}

// Paper finds a paper by its ID.
func (s Settings) Paper(id string) (Paper, bool) {
	i := slices.IndexFunc(s.Papers, func(p Paper) bool { return p.ID == id })
	if i < 0 {
		return Paper{}, false
	}
	return s.Papers[i], true
}

// RuleOf is the rule an area is counted by.
func (s Settings) RuleOf(a Area) Rule {
	if a.Rule != nil {
		return *a.Rule
	}
	return s.Rule
}

// Clone shares no memory with the round.
func (r Round) Clone() Round {
	s := &r.Settings
	s.Areas, s.Papers, s.Themes = slices.Clone(s.Areas), slices.Clone(s.Papers), slices.Clone(s.Themes)
	s.Eligibility.Municipalities = slices.Clone(s.Eligibility.Municipalities)
	s.Languages = slices.Clone(s.Languages)
	s.Rule = s.Rule.clone()
	for i, a := range s.Areas {
		s.Areas[i].PostalCodes = slices.Clone(a.PostalCodes)
		if a.Rule != nil {
			s.Areas[i].Rule = new(a.Rule.clone())
		}
	}
	for i, p := range s.Papers {
		s.Papers[i].Areas = slices.Clone(p.Areas)
	}
	if r.Asked != nil {
		asked := *r.Asked
		asked.Request = slices.Clone(asked.Request)
		r.Asked = &asked
	}
	return r
}

func (r Rule) clone() Rule {
	r.Exclusive = slices.Clone(r.Exclusive)
	for i, group := range r.Exclusive {
		r.Exclusive[i] = slices.Clone(group)
	}
	return r
}
