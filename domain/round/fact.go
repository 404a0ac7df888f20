package round

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"osbu/domain"
)

// Fact is one thing that a round's settings say, under a path such as
// areas.southern.pot: areas, papers and themes stand in it by their ID, so that
// a fact stays itself when the list before it changes. The value is a string, a
// number or a truth.
type Fact struct {
	Path  string
	Value any
}

// FactChange is a fact that became another; nil where there was none before, or
// is none any more. It stands so in the audit log.
type FactChange struct {
	Field string `json:"field"`
	From  any    `json:"from"`
	To    any    `json:"to"`
}

// Changes are the facts that differ, those that are no more last.
func Changes(from, to []Fact) []FactChange {
	before := make(map[string]any, len(from))
	for _, f := range from {
		before[f.Path] = f.Value
	}
	changes := []FactChange{}
	kept := make(map[string]bool, len(to))
	for _, f := range to {
		kept[f.Path] = true
		if old, known := before[f.Path]; !known || old != f.Value {
			changes = append(changes, FactChange{f.Path, before[f.Path], f.Value})
		}
	}
	for _, f := range from {
		if !kept[f.Path] {
			changes = append(changes, FactChange{f.Path, f.Value, nil})
		}
	}
	return changes
}

// changed are the details of an audit entry that tells what became of what.
type changed struct {
	Changes []FactChange `json:"changes"`
}

// Version names what facts say, so that whoever changes or confirms them later
// can name what she saw: for each first word of the paths, in their order, the
// word, a colon and 16 hex digits of a SHA-256 over its facts; joined by
// commas.
func Version(facts []Fact) string {
	parts := partsOf(facts)
	words := make([]string, len(parts))
	for i, p := range parts {
		words[i] = p.name + ":" + p.digest
	}
	return strings.Join(words, ",")
}

// Since is nil if the facts still say what the version names; otherwise a
// Conflict with this code that names each part that says something else.
func Since(version string, facts []Fact, code domain.Code) error {
	seen := map[string]string{}
	for word := range strings.SplitSeq(version, ",") {
		name, digest, _ := strings.Cut(word, ":")
		seen[name] = digest
	}
	e := &domain.Error{
		Kind: domain.Conflict, Code: code,
		Detail: "this says something else than the version that was seen",
	}
	for _, p := range partsOf(facts) {
		if seen[p.name] != p.digest {
			e.Fields = append(e.Fields, domain.Field{Path: p.name, Code: "changed"})
		}
	}
	if len(e.Fields) == 0 {
		return nil
	}
	return e
}

type part struct{ name, digest string }

func partsOf(facts []Fact) []part {
	var names []string
	byName := map[string][]Fact{}
	for _, f := range facts {
		name, _, _ := strings.Cut(f.Path, ".")
		if byName[name] == nil {
			names = append(names, name)
		}
		byName[name] = append(byName[name], f)
	}
	parts := make([]part, len(names))
	for i, name := range names {
		text, err := json.Marshal(byName[name])
		if err != nil {
			panic(err) // plain values only
		}
		digest := sha256.Sum256(text)
		parts[i] = part{name, hex.EncodeToString(digest[:8])}
	}
	return parts
}

// Facts are everything that the settings say.
func (s Settings) Facts() []Fact {
	var f facts
	f.add("areas", idsIn(s.Areas, func(a Area) string { return a.ID }))
	for _, a := range s.Areas {
		at := "areas." + a.ID + "."
		f.text(at+"name", a.Name)
		f.add(at+"pot", int64(a.Pot))
		f.add(at+"population", a.Population)
		f.add(at+"citywide", a.Citywide)
		f.add(at+"postal_codes", strings.Join(a.PostalCodes, " "))
		if a.Rule != nil {
			f.rule(at+"rule.", *a.Rule)
		}
	}
	f.add("papers", idsIn(s.Papers, func(p Paper) string { return p.ID }))
	for _, p := range s.Papers {
		at := "papers." + p.ID + "."
		f.text(at+"name", p.Name)
		f.add(at+"areas", strings.Join(p.Areas, " "))
		f.add(at+"form.kind", p.Form.Kind)
		f.add(at+"form.min", p.Form.Min)
		f.add(at+"form.max", p.Form.Max)
		f.add(at+"form.blank", p.Form.Blank)
		f.add(at+"form.points", p.Form.Points)
		f.add(at+"form.points_each", p.Form.PointsEach)
		f.add(at+"form.points_all", p.Form.PointsAll)
	}
	f.rule("rule.", s.Rule)
	f.add("eligibility.age", s.Eligibility.Age)
	f.add("eligibility.moment", string(s.Eligibility.Moment))
	f.add("eligibility.municipalities", strings.Join(s.Eligibility.Municipalities, " "))
	f.add("reserve_maintenance", s.ReserveMaintenance)
	f.add("final_ballots", s.FinalBallots)
	f.add("openings_from", s.OpeningsFrom)
	f.add("sealing.trustees", s.Sealing.Trustees)
	f.add("sealing.needed", s.Sealing.Needed)
	f.add("four_eyes", s.FourEyes)
	f.add("languages", strings.Join(namesOf(s.Promised()), " "))
	f.add("themes", idsIn(s.Themes, func(t Theme) string { return t.ID }))
	for _, t := range s.Themes {
		f.text("themes."+t.ID+".name", t.Name)
	}
	return f
}

func namesOf(languages []domain.Language) []string {
	names := make([]string, len(languages))
	for i, l := range languages {
		names[i] = string(l)
	}
	return names
}

// Facts are the six moments, in UTC with the database's microseconds.
func (t Times) Facts() []Fact {
	var f facts
	for _, w := range []struct {
		name string
		Window
	}{{"proposing", t.Proposing}, {"vetting", t.Vetting}, {"voting", t.Voting}} {
		f.add(w.name+".opens", moment(w.Opens))
		f.add(w.name+".closes", moment(w.Closes))
	}
	return f
}

// NameFacts are the round's name and whether it is a rehearsal.
func (r Round) NameFacts() []Fact {
	var f facts
	f.text("name", r.Name)
	f.add("rehearsal", r.Rehearsal)
	return f
}

func moment(t time.Time) string { return t.UTC().Round(time.Microsecond).Format(time.RFC3339Nano) }

type facts []Fact

func (f *facts) add(path string, value any) { *f = append(*f, Fact{path, value}) }

func (f *facts) text(at string, t domain.Text) {
	f.add(at+".fi", t.Fi)
	f.add(at+".sv", t.Sv)
	f.add(at+".en", t.En)
}

func (f *facts) rule(at string, r Rule) {
	f.add(at+"rule", r.Rule)
	f.add(at+"utility", r.Utility)
	f.add(at+"completion", r.Completion)
	f.add(at+"comparison", r.Comparison)
	f.add(at+"threshold", r.Threshold)
	f.add(at+"threshold_percent", r.ThresholdPercent)
	groups := make([]string, len(r.Exclusive))
	for i, group := range r.Exclusive {
		numbers := make([]string, len(group))
		for j, n := range group {
			numbers[j] = strconv.Itoa(n)
		}
		groups[i] = strings.Join(numbers, " ")
	}
	f.add(at+"exclusive", strings.Join(groups, ", "))
	f.add(at+"respect_conflicts", r.RespectConflicts)
}

// idsIn are the IDs of a list in its order.
func idsIn[T any](list []T, id func(T) string) string {
	out := make([]string, len(list))
	for i, one := range list {
		out[i] = id(one)
	}
	return strings.Join(out, " ")
}
