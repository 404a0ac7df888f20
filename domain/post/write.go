package post

import (
	"embed"
	"encoding/base64"
	"fmt"
	htmltemplate "html/template"
	"strconv"
	"strings"
	"text/template"
	"time"

	"osbu/domain"
)

// One file a language: a definition for each notification, whose first line is
// the e-mail's subject, and those that e-mails share. Paragraphs are set off by
// an empty line; lines that begin with "> " are somebody's own words, and an
// address stands below its name.
//
//go:embed emails/*.txt emails/frame.html
var emails embed.FS

// signature parts an e-mail's text from what stands below every one (RFC 3676
// §4.3).
const signature = "\n\n-- \n"

// page is what a template reads.
type page struct {
	Email
	Answer      string // in the reader's language, or the one there is
	Reason      string // of a rejection, in words
	Until       string
	When        string // an event begins
	Link        string // to the proposal, or of a confirmation
	Code        string // by which a proposal is claimed
	Note        string // the facilitator's, to whom she asks for consent
	Settings    string
	Unsubscribe string // the page
	Own         bool   // the reader is the author
	Help        string // how the help desk is reached
}

// write makes the message of an e-mail.
func (s *Service) write(l Email) (Message, error) {
	language := l.To.Language
	templates, err := s.templates(language)
	if err != nil {
		return Message{}, err
	}
	p := page{
		Email: l, Answer: l.Answer.In(language), Own: l.Kind != Followed, Help: s.c.Help,
		Settings: s.c.Site + "/" + string(language) + "/account",
		Link:     s.proposalPage(language, l.Round, l.Proposal),
	}
	if l.Notification == Confirm {
		until := l.WrittenAt.Add(confirmTime)
		p.Link = s.c.Site + "/" + string(
			language,
		) + "/mail/confirm#" + s.link(
			confirmation{l.To.Account, l.To.Address, until},
			sealConfirmation,
		)
		p.Until = s.moment(language, until)
	}
	if l.Event != 0 {
		p.Title, p.When = l.Named.In(language), s.moment(language, l.Begins)
		p.Link = fmt.Sprintf("%s/%s/rounds/%s/events/%d", s.c.Site, language, l.Round, l.Event)
	}
	if l.Notification == Invite {
		secret, err := s.c.Sealer.Unseal(l.Secret, sealSecret)
		if err != nil {
			return Message{}, err
		}
		p.Link = s.c.Site + "/" + string(language) + "/invitation#" + base64.RawURLEncoding.EncodeToString(secret)
	}
	if l.Notification == Entered {
		code, err := s.c.Sealer.Unseal(l.Secret, sealSecret)
		if err != nil {
			return Message{}, err
		}
		p.Code = string(code)
		p.Link = fmt.Sprintf("%s/%s/rounds/%s/claim#%s", s.c.Site, language, l.Round, p.Code)
	}
	if l.Notification == Helped {
		p.Link = fmt.Sprintf("%s/%s/rounds/%s/mine#questions", s.c.Site, language, l.Round)
	}
	if l.Notification == Desk {
		p.Link = s.c.Site + "/desk"
	}
	if page, ok := roundPages[l.Notification]; ok {
		p.Link = fmt.Sprintf("%s/%s/rounds/%s%s", s.c.Site, language, l.Round, page)
	}
	if l.Notification == SecondStep {
		p.Link = s.c.Site + "/office/" + l.Round
	}
	if l.Notification == SecondCodes {
		p.Link = s.c.Site + "/office/" + l.Round + "/roll"
	}
	if !l.Until.IsZero() {
		p.Until = s.moment(language, l.Until)
	}
	if l.Kind == Reminders {
		p.Until = s.end(language, l.Until)
	}
	m := Message{ID: s.messageID(l), To: l.To.Address, Written: l.WrittenAt, Language: language}
	if l.Kind != "" {
		token := s.link(unsubscription{l.To.Account, l.Kind}, sealUnsubscription)
		p.Unsubscribe = s.c.Site + "/" + string(language) + "/mail/stop#" + token
		m.Unsubscribe = s.c.Site + "/api/v1/unsubscription?language=" + string(language) + "&token=" + token
	}
	if l.Notification == Rejected {
		if p.Reason, err = execute(templates, "reason."+l.Words, p); err != nil {
			return Message{}, err
		}
	}
	if p.Note, err = execute(templates, "note", p); err != nil {
		return Message{}, err
	}
	text, err := execute(templates, string(l.Notification), p)
	if err != nil {
		return Message{}, err
	}
	if l.Letter != nil && l.Kind != Followed && !l.Final {
		text = l.Letter.own(p)
	}
	foot, err := execute(templates, "foot", p)
	if err != nil {
		return Message{}, err
	}
	subject, body, _ := strings.Cut(text, "\n")
	m.Subject, m.Plain = strings.TrimSpace(subject), strings.TrimSpace(body)+signature+foot+"\n"
	m.HTML, err = s.html(language, m.Subject, strings.TrimSpace(body), foot)
	return m, err
}

// templates are those of a language.
func (s *Service) templates(language domain.Language) (*template.Template, error) {
	return template.New("").
		Funcs(template.FuncMap{"quote": quote, "page": func(round string, proposal int64) string {
			return s.proposalPage(language, round, proposal)
		}}).
		ParseFS(emails, "emails/email."+string(language)+".txt")
}

func (s *Service) proposalPage(language domain.Language, round string, proposal int64) string {
	return fmt.Sprintf("%s/%s/rounds/%s/proposals/%d", s.c.Site, language, round, proposal)
}

// roundPages are the pages of a round that e-mails lead to.
var roundPages = map[Notification]string{VoteBegins: "/vote", VoteEnds: "/vote", ResultsOut: "/results"}

func execute(templates *template.Template, name string, p page) (string, error) {
	var b strings.Builder
	err := templates.ExecuteTemplate(&b, name, p)
	return strings.TrimSpace(b.String()), err
}

// quote marks somebody's own words, so that nothing in them is taken for the
// e-mail's.
func quote(text string) string { return "> " + strings.ReplaceAll(text, "\n", "\n> ") }

// moment is a date and time as the language writes them, by the city's clock,
// and as the pages do: in Finnish and Swedish an hour has no zero before it,
// which no layout of package time can say.
func (s *Service) moment(l domain.Language, t time.Time) string {
	t = t.In(s.c.TimeZone)
	switch l {
	case domain.English:
		return t.Format("2 January 2006 at 15:04")
	case domain.Swedish:
		return t.Format("2.1.2006 kl. ") + strconv.Itoa(t.Hour()) + t.Format(".04")
	default:
		return t.Format("2.1.2006 klo ") + strconv.Itoa(t.Hour()) + t.Format(".04")
	}
}

// end is a moment at which something closes: midnight is told as the day
// before, for people would read the date after it as the last day.
func (s *Service) end(l domain.Language, t time.Time) string {
	local := t.In(s.c.TimeZone)
	if local.Hour() != 0 || local.Minute() != 0 {
		return s.moment(l, t)
	}
	last := local.AddDate(0, 0, -1)
	switch l {
	case domain.Swedish:
		return last.Format("2.1.2006") + " kl. 24"
	case domain.English:
		return "at the end of " + last.Format("2 January 2006")
	}
	return last.Format("2.1.2006") + " klo 24"
}

// block is a paragraph: words of ours, the name of an address to follow, or
// somebody's own words.
type block struct{ Text, Link, Quote string }

// html sets the same text in a simple page: no pictures, no style sheets,
// nothing fetched from anywhere.
func (s *Service) html(l domain.Language, subject, body, foot string) (string, error) {
	frame, err := htmltemplate.ParseFS(emails, "emails/frame.html")
	if err != nil {
		return "", err
	}
	var b strings.Builder
	err = frame.ExecuteTemplate(
		&b,
		"frame.html",
		map[string]any{"Language": l, "Subject": subject, "Body": s.blocks(body), "Foot": s.blocks(foot)},
	)
	return b.String(), err
}

func (s *Service) blocks(text string) (blocks []block) {
	var lines []string
	end := func() {
		if len(lines) == 0 {
			return
		}
		joined := strings.Join(lines, "\n")
		lines = nil
		name, address, named := strings.Cut(joined, "\n")
		switch {
		case strings.HasPrefix(joined, "> "):
			blocks = append(
				blocks,
				block{Quote: strings.TrimPrefix(strings.ReplaceAll("\n"+joined, "\n> ", "\n"), "\n")},
			)
		case named && strings.HasPrefix(address, s.c.Site+"/") && !strings.ContainsAny(address, " \n"):
			blocks = append(blocks, block{Text: strings.TrimSuffix(name, ":"), Link: address})
		default:
			blocks = append(blocks, block{Text: joined})
		}
	}
	for line := range strings.SplitSeq(text, "\n") {
		if strings.TrimSpace(line) == "" {
			end()
			continue
		}
		lines = append(lines, line)
	}
	end()
	return blocks
}
