package proposal

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"strings"

	"osbu/domain"
)

// Languages are those that a ballot is read in.
var Languages = []domain.Language{domain.Finnish, domain.Swedish, domain.English}

// Mark says that staff wrote a proposal in a language: in which of its
// versions, which tells who and when, and of what source.
type Mark struct {
	Version int    `json:"version"`
	Of      string `json:"of"` // Proposal.SourceDigest, as it was
}

// MaxBallotTitle bounds a title on the ballot, in characters: the longest of
// forty real ballots, on Pabulib, has 251.
const MaxBallotTitle = 300

// Marks are the languages in which staff wrote a proposal. A language that it
// has without a mark is its author's, or came with it.
type Marks map[domain.Language]Mark

// In is what the proposal says in a language, empty if it does not.
func (p Proposal) In(l domain.Language) Words {
	switch {
	case l == p.Text.Language:
		return Words{Title: p.Text.Title, What: p.Text.What, Why: p.Text.Why, Place: p.Text.Place}
	case l == domain.Swedish:
		return p.Swedish
	case l == domain.English:
		return p.English
	}
	return Words{}
}

// Source is the language that the proposal is translated from: that of its
// text, unless staff wrote that, too.
func (p Proposal) Source() domain.Language {
	for _, l := range append([]domain.Language{p.Text.Language}, Languages...) {
		if _, marked := p.Translated[l]; !marked && p.In(l) != (Words{}) {
			return l
		}
	}
	return p.Text.Language
}

// Listed is what is read of the proposal in a language: on the ballot as it
// stands there.
func (p Proposal) Listed(l domain.Language) Words {
	w := p.In(l)
	if p.Project != 0 {
		w.Title, w.What, w.Place = p.Listing.Title.Of(l), p.Listing.Description.Of(l), p.Listing.Place.Of(l)
	}
	return w
}

// SourceDigest is another one as soon as the source says anything else.
func (p Proposal) SourceDigest() string {
	w := p.In(p.Source())
	sum := sha256.Sum256([]byte(strings.Join([]string{w.Title, w.What, w.Why, w.Place}, "\x00")))
	return hex.EncodeToString(sum[:8])
}

// Outdated tells whether staff translated another source than there is now.
func (p Proposal) Outdated(l domain.Language) bool {
	mark, marked := p.Translated[l]
	return marked && mark.Of != p.SourceDigest()
}

// Clean gives the translation as it is stored and notes what cannot be. It says
// what the source says, and no more.
func (t Translation) Clean(p Proposal, problems *domain.Problems) Translation {
	source := p.Source()
	if t.Language == source {
		problems.Add("language", "not_allowed", string(source))
	}
	had := p.Listed(source)
	if p.State == Rejected && t.Words == (Words{}) {
		t.Words = p.In(t.Language)
	} else {
		t.Words.Title = problems.Line("words.title", t.Words.Title, MaxBallotTitle)
		t.Words.What = problems.Body("words.what", t.Words.What, MaxText)
		t.Words.Why = problems.Body("words.why", t.Words.Why, MaxText)
		t.Words.Place = problems.Line("words.place", t.Words.Place, maxPlace)
		if t.Words.Title == "" {
			problems.Add("words.title", "required", "")
		}
		if t.Words.What == "" && had.What != "" {
			problems.Add("words.what", "required", "")
		}
	}
	t.Answer = cmp.Or(problems.Body("answer", t.Answer, MaxAnswer), p.Answer.Of(t.Language))
	if p.Answer == (domain.Text{}) && t.Answer != "" {
		problems.Add("answer", "not_allowed", "")
	}
	return t
}

// ChangedBy tells whether a clean translation says anything that was not there,
// or that it is still right of another source.
func (p Proposal) ChangedBy(t Translation) bool {
	return p.In(t.Language) != t.Words || p.Answer.Of(t.Language) != t.Answer ||
		p.Project != 0 && !p.lists(t) || p.Outdated(t.Language)
}

// lists tells whether the ballot says what the translation does; what it leaves
// out stays there.
func (p Proposal) lists(t Translation) bool {
	on, w := p.Listed(t.Language), t.Words
	return on.Title == w.Title && (w.What == "" || on.What == w.What) && (w.Place == "" || on.Place == w.Place)
}

// translate writes a clean translation, and marks it as of this source.
func (p *Proposal) translate(t Translation) {
	mark := Mark{Version: p.Version + 1, Of: p.SourceDigest()}
	if p.In(t.Language) == t.Words && !p.Outdated(t.Language) && (p.Project == 0 || p.lists(t)) {
		return // only the answer is another
	}
	if t.Language == domain.Finnish && p.Text.Language != domain.Finnish {
		was := p.In(p.Text.Language)
		switch p.Text.Language {
		case domain.Swedish:
			p.Swedish = was
		case domain.English:
			p.English = was
		}
		p.Text.Language = domain.Finnish
	}
	switch t.Language {
	case p.Text.Language:
		p.Text.Title, p.Text.What, p.Text.Why = t.Words.Title, cmp.Or(t.Words.What, t.Words.Title), t.Words.Why
		p.Text.Place = cmp.Or(t.Words.Place, p.Text.Place)
	case domain.Swedish:
		p.Swedish = t.Words
	case domain.English:
		p.English = t.Words
	}
	p.Translated = maps.Clone(p.Translated)
	if p.Translated == nil {
		p.Translated = Marks{}
	}
	p.Translated[t.Language] = mark
}

// rewritten takes the marks off that no longer hold: the author wrote herself
// what staff had translated.
func (p *Proposal) rewritten(before Proposal) {
	for l := range before.Translated {
		if p.In(l) != before.In(l) {
			p.Translated = maps.Clone(p.Translated)
			delete(p.Translated, l)
		}
	}
}
