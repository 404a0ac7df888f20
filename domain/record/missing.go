package record

import (
	"slices"
	"strconv"
	"strings"

	"osbu/domain"
	"osbu/domain/round"
)

// TextsMissing is what a ballot lacks in a language.
type TextsMissing struct {
	Language domain.Language `json:"language"`
	Titles   int             `json:"titles"` // projects without a title in it
	Texts    int             `json:"texts"`  // projects without a description in it that have one in another
}

// MissingWords are what an official types who freezes a ballot that lacks
// texts, in the language that she works in: a tick is given by habit, a word is
// not.
var MissingWords = []string{"puuttuu", "saknas", "missing"}

// CodeTextsMissing refuses to freeze a ballot that lacks texts without the word
// for it.
const CodeTextsMissing domain.Code = "texts_missing"

// missing is, of a freeze, each promised language in which the ballot
// lacks anything.
func (st State) missing(step round.Step) []TextsMissing {
	found := []TextsMissing{}
	if step != round.Freeze {
		return found
	}
	for _, l := range st.Round.Settings.Promised() {
		m := TextsMissing{Language: l}
		for _, p := range st.Projects {
			if p.Title.Of(l) == "" {
				m.Titles++
			}
			if p.Text != (domain.Text{}) && p.Text.Of(l) == "" {
				m.Texts++
			}
		}
		if m.Titles+m.Texts > 0 {
			found = append(found, m)
		}
	}
	return found
}

// worded is nil if nothing is missing, or the official has typed the word.
func (t taking) worded(missing []TextsMissing) error {
	if len(missing) == 0 || slices.Contains(MissingWords, strings.ToLower(strings.TrimSpace(t.Missing))) {
		return nil
	}
	e := &domain.Error{
		Kind: domain.Conflict, Code: CodeTextsMissing,
		Detail: "the ballot lacks texts: translate them, or type the word for it",
	}
	for _, m := range missing {
		e.Fields = append(e.Fields, domain.Field{
			Path: "missing." + string(m.Language), Code: "required", Limit: strconv.Itoa(m.Titles + m.Texts),
		})
	}
	return e
}
