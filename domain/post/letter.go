package post

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"osbu/domain"
	"osbu/domain/round"
)

// Letter is what a round says in its own words of a notification in a language,
// instead of the standard text. Followers, and authors whose appeal was
// rejected, get the standard text: it tells them something else.
type Letter struct {
	Notification  Notification
	Language      domain.Language
	Subject, Body string
	Version       int // counts from 1; 0: the standard text
}

// Variable is what stands in braces in a letter, as {title}, and whether it
// cannot be left out.
type Variable struct {
	Name   string
	Needed bool
}

// Template is a letter to be edited: the round's own or else the standard text,
// and what it may name.
type Template struct {
	Letter

	Standard  Letter
	Variables []Variable
}

// Lengths in characters.
const (
	MaxSubject = 150
	MaxBody    = 5000
)

// variables are of the notifications that a round can put in its own words, in
// the order of a round. What the reader would miss is needed.
var variables = []struct {
	of   []Notification
	want []Variable
}{
	{
		[]Notification{
			Submitted, Replied, Withdrawn, Appealed, Estimated, Shown, WentOn, Placed, Removed, Selected, NotSelected,
			Delivered,
		},
		[]Variable{{"title", false}, {"round", false}, {"link", true}},
	},
	{[]Notification{Taken}, []Variable{{"title", false}, {"round", false}, {"facilitator", false}, {"link", true}}},
	{[]Notification{Asked, Reminded}, []Variable{
		{"title", false}, {"round", false}, {"facilitator", false}, {"question", true}, {"until", true}, {"link", true},
	}},
	{[]Notification{Rejected}, []Variable{
		{"title", false}, {"round", false}, {"reason", true}, {"answer", true}, {"link", true},
	}},
	{[]Notification{Accepted}, []Variable{{"title", false}, {"round", false}, {"answer", false}, {"link", true}}},
	{[]Notification{Reopened, Unmade}, []Variable{{"title", false}, {"round", false}, {"answer", true}, {"link", true}}},
	{[]Notification{Corrected}, []Variable{{"title", false}, {"round", false}, {"why", true}, {"link", true}}},
	{[]Notification{Hidden}, []Variable{{"title", false}, {"round", false}, {"why", false}, {"link", true}}},
	{[]Notification{MergeAsked, SplitAsked}, []Variable{
		{"title", false},
		{"round", false},
		{"facilitator", false},
		{"others", true},
		{"note", true},
		{"until", true},
		{"link", true},
	}},
	{[]Notification{Merged, TookIn, Split}, []Variable{
		{"title", false}, {"round", false}, {"others", true}, {"link", true},
	}},
	{[]Notification{SignedUp, Queued, EventSoon, EventMoved, SeatFreed, SeatTaken}, []Variable{
		{"title", true}, {"round", false}, {"when", true}, {"place", false}, {"link", true},
	}},
	{[]Notification{EventCancelled}, []Variable{{"title", true}, {"round", false}, {"answer", true}, {"link", true}}},
	{[]Notification{VoteBegins, VoteEnds}, []Variable{{"round", false}, {"until", true}, {"link", true}}},
	{[]Notification{ResultsOut}, []Variable{{"round", false}, {"link", true}}},
}

// standardOnly says why a notification keeps its standard text.
var standardOnly = map[Notification]string{
	Confirm:     "of no round, and its link proves whose the address is",
	Commented:   "lists a day's comments, maybe of several rounds",
	Desk:        "to staff, maybe of several rounds",
	SecondStep:  "to a second official, who has to know what she confirms",
	SecondCodes: "to a second official, who has to know what she confirms",
	Invite:      "to an address that somebody else gave",
	Entered:     "carries the code by which a proposal is claimed",
	Helped:      "is the answer itself, maybe about no proposal",
	Joined:      "passes between authors",
	Declined:    "passes between authors",
}

// variablesOf are none of a notification that keeps its standard text.
func variablesOf(n Notification) []Variable {
	for _, v := range variables {
		if slices.Contains(v.of, n) {
			return v.want
		}
	}
	return nil
}

// Letters keeps what rounds say in their own words.
type Letters interface {
	// Letters are those of a round. One query without a lock.
	Letters(ctx context.Context, round string) ([]Letter, error)
	// ChangeLetter calls change with the round and its letter as it is, Version 0
	// if there is none, keeps what it made of it, nothing for Version 0, and
	// writes the entry into the round's audit log. The round is locked; all in one
	// transaction. NotFound if there is no such round.
	ChangeLetter(
		ctx context.Context,
		round string,
		n Notification,
		l domain.Language,
		change func(round.Round, *Letter) (round.Entry, error),
	) error
}

// Templates are all letters of a round that can be edited, in three languages
// (officials).
func (s *Service) Templates(ctx context.Context, actor domain.Actor, roundID string) ([]Template, error) {
	if err := actor.Need(domain.Official); err != nil {
		return nil, err
	}
	own, err := s.c.Store.Letters(ctx, roundID)
	if err != nil {
		return nil, err
	}
	var all []Template
	for _, v := range variables {
		for _, n := range v.of {
			for _, l := range []domain.Language{domain.Finnish, domain.Swedish, domain.English} {
				standard, err := s.standard(n, l)
				if err != nil {
					return nil, err
				}
				t := Template{Letter: standard, Standard: standard, Variables: v.want}
				i := slices.IndexFunc(own, func(o Letter) bool { return o.Notification == n && o.Language == l })
				if i >= 0 {
					t.Letter = own[i]
				}
				all = append(all, t)
			}
		}
	}
	return all, nil
}

// KeepLetter puts a notification in the round's own words, over the version
// that was read; an empty subject and body take the standard text back
// (officials). A variable that there is not, and one that is missing, are
// refused, each by its name.
func (s *Service) KeepLetter(ctx context.Context, actor domain.Actor, roundID string, l Letter) error {
	if err := actor.Need(domain.Official); err != nil {
		return err
	}
	reset := l.Subject == "" && l.Body == ""
	var problems domain.Problems
	if reset {
		l.check(&problems)
	} else {
		l = l.clean(&problems)
	}
	if err := problems.Err(); err != nil {
		return err
	}
	return s.c.Store.ChangeLetter(
		ctx, roundID, l.Notification, l.Language, func(r round.Round, kept *Letter) (round.Entry, error) {
			if kept.Version != l.Version {
				return round.Entry{}, domain.Fail(domain.Conflict, domain.CodeEdited, "somebody else edited the letter")
			}
			before := kept.facts()
			kept.Subject, kept.Body, kept.Version = l.Subject, l.Body, l.Version+1
			if reset {
				kept.Version = 0
			}
			changes := map[string]any{"changes": round.Changes(before, kept.facts())}
			return *round.NewEntry(r, actor, "letter", "", changes), nil
		},
	)
}

// Shown is what an e-mail of the notification would say of the subject, in
// Finnish, Swedish and English, in the round's own words where it has some.
// Nothing is written, and what stands below every e-mail is left out. Who may
// see it is the caller's to ask.
func (s *Service) Shown(ctx context.Context, n Notification, about Subject) ([]Letter, error) {
	own, err := s.c.Store.Letters(ctx, about.Round)
	if err != nil {
		return nil, err
	}
	var shown []Letter
	for _, l := range []domain.Language{domain.Finnish, domain.Swedish, domain.English} {
		e := Email{Notification: n, Kind: n.Kind(), To: Mailbox{Language: l}, Subject: about}
		i := slices.IndexFunc(own, func(o Letter) bool { return o.Notification == n && o.Language == l })
		if i >= 0 {
			e.Letter = &own[i]
		}
		m, err := s.write(e)
		if err != nil {
			return nil, err
		}
		body, _, _ := strings.Cut(m.Plain, signature)
		shown = append(shown, Letter{Notification: n, Language: l, Subject: m.Subject, Body: body})
	}
	return shown, nil
}

func (l Letter) facts() []round.Fact {
	if l.Version == 0 {
		return nil
	}
	path := "letter." + string(l.Notification) + "." + string(l.Language)
	return []round.Fact{{Path: path + ".subject", Value: l.Subject}, {Path: path + ".body", Value: l.Body}}
}

// Preview is the letter as an author would get it, with made-up affairs
// (officials).
func (s *Service) Preview(_ context.Context, actor domain.Actor, r domain.Text, l Letter) (Message, error) {
	if err := actor.Need(domain.Official); err != nil {
		return Message{}, err
	}
	var problems domain.Problems
	l = l.clean(&problems)
	if err := problems.Err(); err != nil {
		return Message{}, err
	}
	words := samples[l.Language]
	e := Email{
		Notification: l.Notification, Kind: l.Notification.Kind(), To: Mailbox{Language: l.Language}, Letter: &l,
		Subject: Subject{
			Round: "r", RoundName: r, Proposal: 123, Title: words.title, Facilitator: "Leena Lahti", Words: words.question,
			Answer: l.Language.Text(words.answer), Until: sampleTime, Begins: sampleTime, Place: words.place,
			Named: l.Language.Text(words.event), Others: words.others[:],
		},
	}
	if l.Notification.Kind() == Events {
		e.Event = 12
	}
	if l.Notification == Rejected {
		e.Words = "other"
	}
	return s.write(e)
}

var sampleTime = time.Date(2027, time.May, 14, 12, 0, 0, 0, time.UTC)

// samples are what a preview is filled with.
var samples = map[domain.Language]struct {
	title, question, answer, place, event string
	others                                [2]string
}{
	domain.Finnish: {
		"Lisää penkkejä Alppipuistoon", "Montako penkkiä puistoon tarvitaan?", "Penkit mahtuvat puiston reunoille.",
		"Keskustakirjasto Oodi, Töölönlahdenkatu 4", "Suunnitteluilta",
		[2]string{"Penkkejä leikkipuiston laidalle", "Istumapaikkoja koirapuistoon"},
	},
	domain.Swedish: {
		"Fler bänkar i Alpparken", "Hur många bänkar behövs det i parken?", "Bänkarna ryms vid parkens kanter.",
		"Centrumbiblioteket Ode, Tölöviksgatan 4", "Planeringskväll",
		[2]string{"Bänkar vid lekparken", "Sittplatser i hundparken"},
	},
	domain.English: {
		"More benches in Alppipuisto", "How many benches does the park need?", "There is room at the park’s edges.",
		"Central Library Oodi, Töölönlahdenkatu 4", "Planning evening",
		[2]string{"Benches by the playground", "Seats in the dog park"},
	},
}

// check notes a letter that no round can put in its own words.
func (l Letter) check(problems *domain.Problems) {
	if variablesOf(l.Notification) == nil {
		problems.Add("notification", "not_allowed", "")
	}
	if _, ok := samples[l.Language]; !ok {
		problems.Add("language", "unknown", "")
	}
}

var braces = regexp.MustCompile(`\{[^{}\n]*\}`)

// clean gives the letter as it is stored and notes what cannot be.
func (l Letter) clean(problems *domain.Problems) Letter {
	l.check(problems)
	l.Subject = problems.Line("subject", l.Subject, MaxSubject)
	l.Body = problems.Body("body", l.Body, MaxBody)
	known := variablesOf(l.Notification)
	for _, part := range []struct{ path, text string }{{"subject", l.Subject}, {"body", l.Body}} {
		if part.text == "" {
			problems.Add(part.path, "required", "")
		}
		for _, name := range braces.FindAllString(part.text, -1) {
			if !slices.ContainsFunc(known, func(v Variable) bool { return "{"+v.Name+"}" == name }) {
				problems.Add(part.path, "unknown", name)
			}
		}
		if strings.ContainsAny(braces.ReplaceAllString(part.text, ""), "{}") {
			problems.Add(part.path, "bad_format", "{title}")
		}
	}
	for _, v := range known {
		if v.Needed && l.Body != "" && !strings.Contains(l.Body, "{"+v.Name+"}") {
			problems.Add("body", "required", "{"+v.Name+"}")
		}
	}
	return l
}

// standard is the standard text with the variables in place of what it would
// say: so it reads in the editor, and only there.
func (s *Service) standard(n Notification, l domain.Language) (Letter, error) {
	e := Email{Notification: n, Kind: n.Kind(), To: Mailbox{Language: l}, Subject: Subject{
		RoundName: l.Text("{round}"), Title: "{title}", Facilitator: "{facilitator}", Words: "{question}",
		Answer: l.Text("{answer}"), Place: "{place}", Named: l.Text("{title}"), Others: []string{"{others}"},
	}}
	if n == Corrected || n == Hidden {
		e.Words = "{why}"
	}
	templates, err := s.templates(l)
	if err != nil {
		return Letter{}, err
	}
	p := page{
		Email: e, Own: true, Answer: "{answer}", Reason: "{reason}", Until: "{until}", When: "{when}", Link: "{link}",
		Note: "{note}",
	}
	text, err := execute(templates, string(n), p)
	subject, body, _ := strings.Cut(text, "\n")
	return Letter{Notification: n, Language: l, Subject: strings.TrimSpace(subject), Body: strings.TrimSpace(body)}, err
}

// own is the letter's text, its subject the first line. Somebody's words on a
// line of their own are marked as hers; elsewhere they are one line.
func (l Letter) own(p page) string {
	values := map[string]string{
		"title": p.Title, "round": p.RoundName.In(l.Language), "facilitator": p.Facilitator, "link": p.Link,
		"until": p.Until, "when": p.When, "place": p.Place, "reason": p.Reason,
		"question": p.Words, "why": p.Words, "answer": p.Answer, "note": p.Note,
		"others": strings.Join(p.Others, ", "),
	}
	fill := func(line string) string {
		return braces.ReplaceAllStringFunc(line, func(name string) string {
			return strings.Join(strings.Fields(values[strings.Trim(name, "{}")]), " ")
		})
	}
	lines := []string{fill(l.Subject)}
	for line := range strings.SplitSeq(l.Body, "\n") {
		alone := strings.Trim(strings.TrimPrefix(line, "> "), " ")
		switch name := strings.Trim(alone, "{}"); {
		case slices.Contains([]string{"question", "why", "answer"}, name) && alone == "{"+name+"}":
			if values[name] != "" {
				lines = append(lines, quote(values[name]))
			}
		case name == "others" && alone == "{others}":
			for i, other := range p.Others {
				if i > 0 {
					lines = append(lines, "")
				}
				lines = append(lines, quote(other))
			}
		case name == "note" && alone == "{note}":
			lines = append(lines, p.Note)
		default:
			lines = append(lines, fill(line))
		}
	}
	return strings.Join(lines, "\n")
}
