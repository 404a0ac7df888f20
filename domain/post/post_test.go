package post

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"osbu/domain"
	"osbu/domain/round"
)

// shelf is a store of one mailbox and at most one e-mail.
type shelf struct {
	box     Sealed
	email   *Email
	outcome Outcome
	now     time.Time
	listed  []Listed
	letter  Letter
}

func (s *shelf) Letters(context.Context, string) ([]Letter, error) {
	if s.letter.Version == 0 {
		return nil, nil
	}
	return []Letter{s.letter}, nil
}

func (s *shelf) ChangeLetter(
	_ context.Context,
	_ string,
	_ Notification,
	_ domain.Language,
	change func(round.Round, *Letter) (round.Entry, error),
) error {
	_, err := change(round.Round{ID: "r"}, &s.letter)
	return err
}

func (s *shelf) Emails(context.Context, Wanted, int) ([]Listed, map[State]int, error) {
	return s.listed, nil, nil
}

func (s *shelf) Mailbox(context.Context, int64) (Sealed, error) { return s.box, nil }

func (s *shelf) ChangeMailbox(
	_ context.Context,
	_ int64,
	change func(time.Time, *Sealed) (bool, error),
) (Sealed, error) {
	box := s.box
	confirm, err := change(s.now, &box)
	if err != nil {
		return Sealed{}, err
	}
	if confirm {
		box.Confirmation++
	}
	s.box = box
	return box, nil
}

func (s *shelf) ClaimEmail(context.Context, []time.Duration) (*Email, []byte, error) {
	if s.email == nil || s.outcome != "" {
		return nil, nil, nil
	}
	s.email.Tries++
	l := *s.email
	return &l, s.box.Address, nil
}

func (s *shelf) SettleEmail(_ context.Context, _ int64, _ int, o Outcome) error {
	s.outcome = o
	return nil
}

func (s *shelf) TellAuthors(context.Context, int, string) error { return nil }

func (s *shelf) TellStaff(context.Context, int, string, time.Duration) error { return nil }

func (s *shelf) ForgetEmails(context.Context) (int64, error) { return 0, nil }

// hand is a mailer that fails as it is told.
type hand struct {
	sent []Message
	err  error
}

func (h *hand) Send(_ context.Context, m Message) error {
	h.sent = append(h.sent, m)
	return h.err
}

func service(t *testing.T, s *shelf, h *hand) *Service {
	t.Helper()
	sealer, err := domain.NewSealer(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	timeZone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	s.now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	return New(Config{
		Store: s, Mailer: h, Sealer: sealer, Site: "https://osbu.example", Host: "osbu.example", TimeZone: timeZone,
		Help:   "+358 9 310 11111",
		Report: func(int64, Notification, int, Outcome, error) {},
	})
}

var aino = domain.Actor{ID: 7, Name: "Aino A.", Roles: []domain.Role{domain.Resident}}

const awkward = "Penkki, \"iso\"; <b>& 🌳 حديقة"

func about(m Notification) *Email {
	return &Email{
		ID: 5, Notification: m, Kind: m.Kind(), Wanted: true, WrittenAt: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC),
		Subject: Subject{
			Round: "r", RoundName: domain.Text{Fi: "Kierros"}, Proposal: 12, Title: awkward, Facilitator: "Leena Lahti",
			By: "Leena Lahti", Words: "other", Reply: "Kyllä.\n\nhttps://evil.example/",
			Answer: domain.Text{
				Fi: "Ei käy.\n\nhttps://evil.example/",
				Sv: "Nej.",
			}, Waiting: []Waiting{{"new", 12, 3}, {"enquiry", 1, 0}},
			Discussed: []Discussed{{"r", 12, awkward, 1}, {"r", 13, "Keinu", 2}}, Until: time.Date(2026, 3, 29, 21, 30, 0, 0, time.UTC),
		},
	}
}

// Every notification in every language: a subject of one line, the link, a way
// out of its kind, nothing left unfilled, and nobody's words taken for markup.
func TestEveryEmailInEveryLanguage(t *testing.T) {
	for _, language := range []domain.Language{domain.Finnish, domain.Swedish, domain.English} {
		for _, notification := range Notifications {
			for _, kind := range []Kind{notification.Kind(), Followed} {
				if kind == Followed && !notification.Public() {
					continue
				}
				s, h := &shelf{box: Sealed{Account: 7, Language: language}}, &hand{}
				p := service(t, s, h)
				s.box.Address = SealAddress(p.c.Sealer, "aino@example.org")
				s.email = about(notification)
				s.email.Secret = SealSecret(p.c.Sealer, []byte("secret"))
				s.email.Kind, s.email.To = kind, Mailbox{Account: 7, Language: language}
				if more, err := p.SendOne(context.Background()); !more || err != nil || s.outcome != Sent {
					t.Fatalf("%s %s: %v %v %s", language, notification, more, err, s.outcome)
				}
				m := h.sent[0]
				name := string(language) + " " + string(notification) + " " + string(kind)
				all := m.Subject + m.Plain + m.HTML
				if m.To != "aino@example.org" || m.ID != "email.5.1772366400@osbu.example" || m.Language != language {
					t.Errorf("%s: %+v", name, m)
				}
				if strings.ContainsAny(m.Subject, "\r\n") || m.Subject == "" || strings.Contains(all, "{{") ||
					strings.Contains(all, "<no value>") ||
					strings.Contains(m.HTML, "<b>") {
					t.Errorf("%s:\n%s\n%s\n%s", name, m.Subject, m.Plain, m.HTML)
				}
				if strings.Contains(m.HTML, `href="https://evil.example`) || strings.Contains(m.HTML, "<img") ||
					strings.Contains(m.HTML, "src=") {
					t.Errorf("%s: somebody's words became a link, or something is fetched:\n%s", name, m.HTML)
				}
				link := "https://osbu.example/" + string(language) + "/rounds/r/proposals/12"
				switch notification {
				case Invite:
					link = "https://osbu.example/" + string(language) + "/invitation#c2VjcmV0"
				case Entered:
					link = "https://osbu.example/" + string(language) + "/rounds/r/claim#secret"
				case Helped:
					link = "https://osbu.example/" + string(language) + "/rounds/r/mine#questions"
				case VoteBegins, VoteEnds:
					link = "https://osbu.example/" + string(language) + "/rounds/r/vote"
				case ResultsOut:
					link = "https://osbu.example/" + string(language) + "/rounds/r/results"
				case Desk:
					link = "https://osbu.example/desk"
				case SecondStep:
					link = "https://osbu.example/office/r"
				case SecondCodes:
					link = "https://osbu.example/office/r/roll"
				case Confirm:
					link = "https://osbu.example/" + string(language) + "/mail/confirm#"
				}
				about := awkward
				switch {
				case slices.Contains([]Notification{Confirm, Desk, SecondStep, SecondCodes, Commented}, notification):
					about = ""
				case kind == Reminders:
					about = "Kierros"
				}
				if !strings.Contains(m.Subject, about) {
					t.Errorf("%s: %s", name, m.Subject)
				}
				if !strings.Contains(m.Plain, "+358 9 310 11111") || !strings.Contains(m.HTML, "358 9 310 11111") {
					t.Errorf("%s: nobody to ask for help:\n%s\n%s", name, m.Plain, m.HTML)
				}
				if !strings.Contains(m.Plain, link) || !strings.Contains(m.HTML, `href="`+link) {
					t.Errorf("%s has no link:\n%s", name, m.Plain)
				}
				if (m.Unsubscribe == "") != slices.Contains([]Notification{Confirm, Invite, Entered, SecondStep, SecondCodes}, notification) {
					t.Errorf("%s: one click leads to %q", name, m.Unsubscribe)
				}
				if (notification == Asked || notification == Reminded) && !strings.Contains(m.Plain, "30.3.2026 kl") &&
					!strings.Contains(m.Plain, "30 March 2026 at 00:30") {
					t.Errorf("%s does not say until when:\n%s", name, m.Plain)
				}
			}
		}
	}
}

// Whoever stands in for a colleague is told for whom.
func TestAStandInIsToldForWhom(t *testing.T) {
	for language, want := range map[domain.Language]string{
		domain.Finnish: "Sijaistat: Ville Vapaalla.", domain.Swedish: "Du vikarierar för Ville Vapaalla.",
		domain.English: "You stand in for Ville Vapaalla.",
	} {
		for _, away := range []string{"", "Ville Vapaalla"} {
			s, h := &shelf{box: Sealed{Account: 7}}, &hand{}
			p := service(t, s, h)
			s.box.Address = SealAddress(p.c.Sealer, "aino@example.org")
			s.email = about(Desk)
			s.email.Absent, s.email.To = away, Mailbox{Account: 7, Language: language}
			if _, err := p.SendOne(context.Background()); err != nil {
				t.Fatal(err)
			}
			if strings.Contains(h.sent[0].Plain, want) != (away != "") {
				t.Errorf("%s, %q away:\n%s", language, away, h.sent[0].Plain)
			}
		}
	}
}

// Each notification has a subject that tells nothing of anybody, in every
// language; the list is for officials.
func TestSubjectsOfAList(t *testing.T) {
	s := &shelf{}
	for _, n := range Notifications {
		s.listed = append(s.listed, Listed{Notification: n})
	}
	official := domain.Actor{ID: 1, Roles: []domain.Role{domain.Official}}
	for _, l := range []domain.Language{"", domain.Finnish, domain.Swedish, domain.English} {
		list, err := service(t, s, &hand{}).List(context.Background(), official, l, Wanted{})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range list.Emails {
			if e.Subject == "" || strings.ContainsAny(e.Subject, "{\n") {
				t.Errorf("%s %s: %q", l, e.Notification, e.Subject)
			}
		}
	}
	for name, c := range map[string]struct {
		actor domain.Actor
		want  domain.Kind
	}{
		"nobody":        {domain.Actor{}, domain.Unauthenticated},
		"a resident":    {domain.Actor{ID: 2}, domain.Forbidden},
		"a facilitator": {domain.Actor{ID: 2, Roles: []domain.Role{domain.Facilitator}}, domain.Forbidden},
	} {
		if _, err := service(t, s, &hand{}).List(context.Background(), c.actor, "fi", Wanted{}); domain.KindOf(err) != c.want {
			t.Errorf("%s: got %v, want %s", name, err, c.want)
		}
	}
}

// Every e-mail can be put in a round's own words, or says why not.
func TestEveryLetterCanBeEditedOrSaysWhyNot(t *testing.T) {
	for _, n := range Notifications {
		if why := standardOnly[n]; (variablesOf(n) != nil) == (why != "") {
			t.Errorf("%s: variables %v, standard text only because %q", n, variablesOf(n), why)
		}
	}
	for n := range standardOnly {
		if !slices.Contains(Notifications, n) {
			t.Errorf("%s is not sent", n)
		}
	}
}

// A standard text can be kept as it is, and says the same then: so nothing that
// it names is without a variable.
func TestStandardTextsCanBeKept(t *testing.T) {
	p := service(t, &shelf{}, &hand{})
	official := domain.Actor{ID: 1, Roles: []domain.Role{domain.Official}}
	templates, err := p.Templates(context.Background(), official, "r")
	if err != nil || len(templates) != 3*(len(Notifications)-len(standardOnly)) {
		t.Fatalf("%d templates, %v", len(templates), err)
	}
	for _, one := range templates {
		name := string(one.Language) + " " + string(one.Notification)
		if err := service(t, &shelf{}, &hand{}).KeepLetter(context.Background(), official, "r", one.Letter); err != nil {
			t.Errorf("%s: %v\n%s", name, err, one.Body)
		}
		e := about(one.Notification)
		e.To.Language, e.Until, e.Begins, e.Kind = one.Language, sampleTime, sampleTime, one.Notification.Kind()
		if e.Kind == Events {
			e.Event, e.Named, e.Place = 12, one.Language.Text("Ilta"), "Oodi"
		}
		if one.Notification == Rejected {
			e.Words = "other"
		}
		e.Others = []string{"Keinu", "{title} on lempinimi"}
		standard, err := p.write(*e)
		if err != nil {
			t.Fatal(err)
		}
		e.Letter = &one.Letter
		own, err := p.write(*e)
		if err != nil {
			t.Fatal(err)
		}
		if own.Subject != standard.Subject || cutLinks(own.Plain) != cutLinks(standard.Plain) {
			t.Errorf("%s: in its own words\n%s\n%s\nwant\n%s\n%s", name, own.Subject, own.Plain, standard.Subject, standard.Plain)
		}
	}
}

// cutLinks takes the sealed ends of addresses out, which are others each time.
func cutLinks(text string) string { return regexp.MustCompile(`#\S+`).ReplaceAllString(text, "#") }

// What a letter cannot say is refused by the variable's name.
func TestLettersAreChecked(t *testing.T) {
	official := domain.Actor{ID: 1, Roles: []domain.Role{domain.Official}}
	good := Letter{Notification: Asked, Language: domain.Finnish, Subject: "Kysymys", Body: "{question}\n\n{until}\n\n{link}"}
	for name, c := range map[string]struct {
		spoil func(*Letter)
		want  string
	}{
		"good":                {func(*Letter) {}, ""},
		"unknown":             {func(l *Letter) { l.Body += " {answer}" }, "body unknown {answer}"},
		"unknown in subject":  {func(l *Letter) { l.Subject = "{titel}" }, "subject unknown {titel}"},
		"half":                {func(l *Letter) { l.Body += " {title" }, "body bad_format {title}"},
		"code":                {func(l *Letter) { l.Body += " {{.To.Address}}" }, "body unknown {.To.Address}"},
		"missing":             {func(l *Letter) { l.Body = "{question}{until}" }, "body required {link}"},
		"no subject":          {func(l *Letter) { l.Subject = " " }, "subject required "},
		"too long":            {func(l *Letter) { l.Subject = strings.Repeat("x", 151) }, "subject too_long 150"},
		"of a confirmation":   {func(l *Letter) { l.Notification = Confirm }, "notification not_allowed "},
		"of another language": {func(l *Letter) { l.Language = "de" }, "language unknown "},
		"over another's":      {func(l *Letter) { l.Version = 1 }, string(domain.CodeEdited)},
	} {
		l := good
		c.spoil(&l)
		s := &shelf{}
		err := service(t, s, &hand{}).KeepLetter(context.Background(), official, "r", l)
		got := string(domain.CodeOf(err))
		if e, ok := errors.AsType[*domain.Error](err); ok && len(e.Fields) > 0 {
			got = e.Fields[0].Path + " " + e.Fields[0].Code + " " + e.Fields[0].Limit
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
		if (s.letter.Version == 1) != (c.want == "") {
			t.Errorf("%s: kept version %d", name, s.letter.Version)
		}
	}
	for name, c := range map[string]struct {
		actor domain.Actor
		want  domain.Kind
	}{
		"nobody": {domain.Actor{}, domain.Unauthenticated}, "a resident": {domain.Actor{ID: 2}, domain.Forbidden},
		"a facilitator": {domain.Actor{ID: 2, Roles: []domain.Role{domain.Facilitator}}, domain.Forbidden},
	} {
		p := service(t, &shelf{}, &hand{})
		_, shown := p.Templates(context.Background(), c.actor, "r")
		_, previewed := p.Preview(context.Background(), c.actor, domain.Text{}, good)
		for _, err := range []error{shown, previewed, p.KeepLetter(context.Background(), c.actor, "r", good)} {
			if domain.KindOf(err) != c.want {
				t.Errorf("%s: got %v, want %s", name, err, c.want)
			}
		}
	}
}

// Somebody's words stay hers in a round's own letter, and name no variable;
// followers and whoever was rejected for good read the standard text.
func TestOwnWordsOfARound(t *testing.T) {
	p := service(t, &shelf{}, &hand{})
	e := about(Rejected)
	e.To.Language, e.Answer = domain.Finnish, domain.Text{Fi: "Ei käy {link}.\n\nToinen."}
	e.Letter = &Letter{Subject: "Päätös: {title}", Body: "Syy {reason}, sanat {answer}\n\n{answer}\n\nAvaa:\n{link}"}
	m, err := p.write(*e)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(m.Plain, "> Ei käy {link}.\n> \n> Toinen.") || !strings.Contains(m.Plain, "sanat Ei käy {link}. Toinen.") ||
		!strings.HasPrefix(m.Subject, "Päätös: ") {
		t.Errorf("%s\n%s", m.Subject, m.Plain)
	}
	for _, spoil := range []func(*Email){func(e *Email) { e.Kind = Followed }, func(e *Email) { e.Final = true }} {
		other := *e
		spoil(&other)
		if m, err := p.write(other); err != nil || strings.HasPrefix(m.Subject, "Päätös: ") {
			t.Errorf("%s, %v", m.Subject, err)
		}
	}
}

// The one or the many comments on each proposal, each with its page.
func TestTheDigestOfComments(t *testing.T) {
	s, h := &shelf{box: Sealed{Account: 7}}, &hand{}
	p := service(t, s, h)
	s.box.Address = SealAddress(p.c.Sealer, "aino@example.org")
	s.email = about(Commented)
	s.email.To = Mailbox{Account: 7, Language: domain.Finnish}
	if _, err := p.SendOne(context.Background()); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		awkward + " (1 uusi kommentti):\nhttps://osbu.example/fi/rounds/r/proposals/12\n\n",
		"Keinu (2 uutta kommenttia):\nhttps://osbu.example/fi/rounds/r/proposals/13\n\n",
	} {
		if !strings.Contains(h.sent[0].Plain, want) {
			t.Errorf("want %q:\n%s", want, h.sent[0].Plain)
		}
	}
}

// A vote that closes at midnight ends on the day before.
func TestTheEndOfTheVote(t *testing.T) {
	for _, c := range []struct {
		language domain.Language
		at       time.Time
		want     string
	}{
		{domain.Finnish, time.Date(2026, 12, 28, 22, 0, 0, 0, time.UTC), "päättyy 28.12.2026 klo 24:"},
		{domain.Swedish, time.Date(2026, 12, 28, 22, 0, 0, 0, time.UTC), "slutar 28.12.2026 kl. 24:"},
		{domain.English, time.Date(2026, 12, 28, 22, 0, 0, 0, time.UTC), "ends at the end of 28 December 2026:"},
		{domain.Finnish, time.Date(2026, 12, 28, 18, 0, 0, 0, time.UTC), "päättyy 28.12.2026 klo 20.00:"},
	} {
		s, h := &shelf{box: Sealed{Account: 7}}, &hand{}
		p := service(t, s, h)
		s.box.Address = SealAddress(p.c.Sealer, "aino@example.org")
		s.email = about(VoteEnds)
		s.email.Until, s.email.To = c.at, Mailbox{Account: 7, Language: c.language}
		if _, err := p.SendOne(context.Background()); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(h.sent[0].Subject, c.want) {
			t.Errorf("want %q: %s", c.want, h.sent[0].Subject)
		}
	}
}

// A rejection after an appeal offers no other one.
// TestMomentsReadAsOnThePages: no zero before the hour in Finnish and Swedish.
func TestMomentsReadAsOnThePages(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	s := &Service{c: Config{TimeZone: zone}}
	early, late := time.Date(2026, 1, 5, 1, 4, 0, 0, time.UTC), time.Date(2026, 7, 15, 20, 59, 0, 0, time.UTC)
	for _, tc := range []struct {
		at       time.Time
		language domain.Language
		want     string
	}{
		{early, domain.Finnish, "5.1.2026 klo 3.04"},
		{early, domain.Swedish, "5.1.2026 kl. 3.04"},
		{early, domain.English, "5 January 2026 at 03:04"},
		{late, domain.Finnish, "15.7.2026 klo 23.59"},
		{late, domain.Swedish, "15.7.2026 kl. 23.59"},
	} {
		if got := s.moment(tc.language, tc.at); got != tc.want {
			t.Errorf("%s: got %q, want %q", tc.language, got, tc.want)
		}
	}
}

func TestTheLastWordIsTheLast(t *testing.T) {
	for final, want := range map[bool]bool{false: true, true: false} {
		s, h := &shelf{box: Sealed{Account: 7}}, &hand{}
		p := service(t, s, h)
		s.box.Address = SealAddress(p.c.Sealer, "aino@example.org")
		s.email = about(Rejected)
		s.email.Final, s.email.To = final, Mailbox{Account: 7, Language: domain.English}
		if _, err := p.SendOne(context.Background()); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(h.sent[0].Plain, "answer the rejection") != want {
			t.Errorf("final %t:\n%s", final, h.sent[0].Plain)
		}
	}
}

func TestWhatBecomesOfAEmail(t *testing.T) {
	for _, c := range []struct {
		name    string
		err     error
		tries   int
		wanted  bool
		outcome Outcome
		sent    int
	}{
		{"sent", nil, 0, true, Sent, 1},
		{"not wanted any more", nil, 0, false, Unwanted, 0},
		{"refused for good", Refusal{550}, 0, true, Refused, 1},
		{"later", errors.New("busy"), 0, true, "", 1},
		{"last try", errors.New("busy"), len(holds) - 1, true, GivenUp, 1},
	} {
		s, h := &shelf{box: Sealed{Account: 7, Language: domain.Finnish}}, &hand{err: c.err}
		p := service(t, s, h)
		s.box.Address = SealAddress(p.c.Sealer, "aino@example.org")
		s.email = about(Taken)
		s.email.Tries, s.email.Wanted, s.email.To = c.tries, c.wanted, Mailbox{Account: 7, Language: domain.Finnish}
		if more, err := p.SendOne(context.Background()); !more || err != nil || s.outcome != c.outcome ||
			len(h.sent) != c.sent {
			t.Errorf("%s: %v %v %q, %d sent", c.name, more, err, s.outcome, len(h.sent))
		}
	}
	if holds[0] <= sendTime {
		t.Error("somebody else may try an e-mail that is still being sent")
	}
}

func TestAnAddressIsConfirmedBeforeUse(t *testing.T) {
	s, h := &shelf{box: Sealed{Account: 7, Language: domain.Finnish}}, &hand{}
	p, ctx := service(t, s, h), context.Background()
	m, err := p.Keep(ctx, aino, " aino@example.org ", domain.Swedish, []Kind{Progress}, nil)
	if err != nil || m.Address != "aino@example.org" || m.Confirmed || m.Language != domain.Swedish ||
		s.box.Confirmation != 1 {
		t.Fatalf("%+v %v", m, err)
	}
	if strings.Contains(string(s.box.Address), "aino") {
		t.Error("the address is kept unsealed")
	}
	link := func(address string, until time.Time) string {
		return p.link(confirmation{7, address, until}, sealConfirmation)
	}
	for name, token := range map[string]string{
		"none": "", "nonsense": "!!", "guessed": "AAAA", "another address": link("other@example.org", s.now.Add(time.Hour)),
		"too old":            link("aino@example.org", s.now.Add(-time.Second)),
		"for something else": p.link(unsubscription{7, Progress}, sealUnsubscription),
	} {
		if err := p.Confirm(ctx, token); domain.CodeOf(err) != CodeLink {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := p.Confirm(ctx, link("aino@example.org", s.now.Add(time.Hour))); err != nil || !s.box.Confirmed {
		t.Fatal(err)
	}
	if m, err = p.Keep(ctx, aino, "aino@example.org", domain.Finnish, nil, nil); err != nil || !m.Confirmed ||
		s.box.Confirmation != 1 {
		t.Fatalf("the same address again: %+v %v", m, err)
	}
	for range mostConfirm - 1 {
		if m, err = p.Keep(ctx, aino, "new@example.org", domain.Finnish, nil, nil); err != nil || m.Confirmed {
			t.Fatalf("%+v %v", m, err)
		}
	}
	if _, err = p.Keep(ctx, aino, "somebody@example.org", domain.Finnish, nil, nil); domain.CodeOf(err) != CodeTooMany {
		t.Fatalf("strangers are written to for ever: %v", err)
	}
	if err := p.Forget(ctx, aino); err != nil || s.box.Address != nil || s.box.Confirmed {
		t.Fatal(err)
	}
}

func TestUnsubscribing(t *testing.T) {
	s, h := &shelf{box: Sealed{Account: 7, Language: domain.Finnish}}, &hand{}
	p, ctx := service(t, s, h), context.Background()
	token := p.link(unsubscription{7, Questions}, sealUnsubscription)
	for range 2 { // a mail program may click twice
		if kind, err := p.Unsubscribe(ctx, token); err != nil || kind != Questions || len(s.box.Muted) != 1 {
			t.Fatalf("%s %v %v", kind, err, s.box.Muted)
		}
	}
	for _, wrong := range []string{
		"", "x", token + "A", token[:40],
		p.link(confirmation{7, "a@b.c", s.now}, sealConfirmation),
	} {
		if _, err := p.Unsubscribe(ctx, wrong); domain.CodeOf(err) != CodeLink {
			t.Errorf("%q: %v", wrong, err)
		}
	}
}

func TestMailboxesAreTheirOwnersAlone(t *testing.T) {
	s, h := &shelf{}, &hand{}
	p, ctx, nobody := service(t, s, h), context.Background(), domain.Actor{}
	_, read := p.Mailbox(ctx, nobody)
	_, kept := p.Keep(ctx, nobody, "a@example.org", domain.Finnish, nil, nil)
	for _, err := range []error{read, kept, p.Forget(ctx, nobody)} {
		if domain.KindOf(err) != domain.Unauthenticated {
			t.Error(err)
		}
	}
}

func TestAddresses(t *testing.T) {
	for _, good := range []string{"a@example.org", "aino.virtanen+osbu@mail.example.org", "o'brien@example.org"} {
		var problems domain.Problems
		if got := CheckAddress(&problems, good); got != good || problems != nil {
			t.Errorf("%s: %v", good, problems)
		}
	}
	for _, wrong := range []string{
		"", "aino", "a@b", "a@", "@example.org", "a b@example.org", "Aino <a@example.org>", "a@example.org, b@example.org",
		"a@example.org\r\nBcc: b@example.org",
		"ä@example.org", "a@exämple.org", `"a b"@example.org`, "a@[127.0.0.1]", strings.Repeat("a", 250) + "@example.org",
	} {
		var problems domain.Problems
		if CheckAddress(&problems, wrong); len(problems) != 1 || problems[0].Path != "address" {
			t.Errorf("%q: %v", wrong, problems)
		}
	}
	var problems domain.Problems
	if _, err := service(t, &shelf{}, &hand{}).
		Keep(context.Background(), aino, "a@example.org", "se", []Kind{"all", Progress, Progress}, nil); err == nil {
		t.Error(problems)
	} else if e, _ := errors.AsType[*domain.Error](err); len(e.Fields) != 3 {
		t.Error(err)
	}
}
